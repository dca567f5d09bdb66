/**
 * A zone with customs supervision. These literals seed the editable, dated reference tables of the
 * database at first start; nothing reads them afterwards. Codes `CQ-*` are ours, not official; each
 * fact carries how sure it is (A official or two sources, B one source, M unconfirmed).
 */
export interface Zone {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly formerNames: readonly string[]
  /** CBZ 综合保税区, BLC-B 保税物流中心(B型). */
  readonly type: 'CBZ' | 'BLC-B'
  /** Day of approval, `yyyy-MM-dd` or as much of it as is known; null where no source gives one. */
  readonly approved: string | null
  readonly district: string
  readonly confidence: string
  /** Transport-mode code of goods that leave the zone. */
  readonly transportMode: string
  /** Approximate, for the schematic map only. */
  readonly lat: number
  readonly lon: number
  /**
   * Customs offices said to serve it. Most serve a district or a port as well, so that a list declared
   * there may lie outside every zone: only an office of the zone itself places lists without being told.
   */
  readonly offices: readonly {
    readonly code: string
    readonly zh: string
    readonly confidence: string
    /** Named for this zone. */
    readonly isZonesOwn?: boolean
  }[]
  readonly modes: readonly {
    readonly mode: string
    readonly status: string
    readonly confidence: string
  }[]
  readonly sources: readonly string[]
}

export const zone = (literal: Zone): Zone => literal
