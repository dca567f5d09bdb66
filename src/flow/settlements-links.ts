/** Where figures of settlements open: the address of the records that one counts. */

export interface CountedRecords {
  /** yyyyMM, of the value date. */
  readonly month: string
  readonly institutionId: string
  readonly direction: string
  readonly currency: string
  readonly asOf: Date | undefined
}

export const countedLink = ({ institutionId, asOf, ...row }: CountedRecords): string => {
  const { month, direction, currency } = row
  const told = { month, institution: institutionId, direction, currency, counted: 'true' }
  const then = asOf === undefined ? {} : { asOf: asOf.toISOString() }
  return `/api/v1/settlements?${new URLSearchParams({ ...told, ...then })}`
}
