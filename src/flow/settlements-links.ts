/** Where figures of settlements open: the address of the records that one counts. */

export interface CountedRecords {
  /** yyyyMM, of the value date. */
  readonly month: string
  readonly institutionId: string
  readonly direction: string
  readonly currency: string
  readonly asOf: Date | undefined
  /** Id of the enterprise in whose name it is asked, where that was chosen: opened in the same name. */
  readonly enterprise: string | undefined
}

export const countedLink = ({
  institutionId,
  asOf,
  enterprise,
  ...row
}: CountedRecords): string => {
  const { month, direction, currency } = row
  const told = { month, institution: institutionId, direction, currency, counted: 'true' }
  const then = asOf === undefined ? {} : { asOf: asOf.toISOString() }
  const chosen = enterprise === undefined ? {} : { enterprise }
  return `/api/v1/settlements?${new URLSearchParams({ ...told, ...then, ...chosen })}`
}
