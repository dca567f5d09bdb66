/** Where a desk shows documents: every link of the shared views comes from here. */

export interface DocumentPlaces {
  /** First path of the desk, such as `/seller`. */
  readonly base: string
  /** Documents of others are looked at here: nothing is done to them, and no message is opened. */
  readonly readOnly?: boolean
}

export const documentsPath = ({ base }: DocumentPlaces): string => `${base}/documents`

export const documentPath = ({ base }: DocumentPlaces, id: string): string =>
  `${base}/documents/${encodeURIComponent(id)}`

export const consignmentPath = ({ base }: DocumentPlaces, orderNo: string): string =>
  `${base}/consignments/${encodeURIComponent(orderNo)}`

/** The form of a kind; `from` is the document whose values it starts with, `orderNo` whose consignment. */
export const formPath = (
  { base }: DocumentPlaces,
  kind: string,
  start: { readonly from?: string; readonly orderNo?: string } = {},
): string => {
  const pairs = Object.entries(start).filter((pair): pair is [string, string] => pair[1] !== '')
  const search = new URLSearchParams(pairs).toString()
  return `${base}/hand-in/${kind}${search === '' ? '' : `?${search}`}`
}

/** The kinds that the reader hands in, with the ways of doing so. */
export const handInPath = ({ base }: DocumentPlaces): string => `${base}/hand-in`

export const sheetPath = ({ base }: DocumentPlaces, kind: string): string =>
  `${base}/sheets/${kind}`

/** The request of a kind, to copy. */
export const apiPath = ({ base }: DocumentPlaces, kind: string): string => `${base}/api/${kind}`

/** The form of a whole consignment. */
export const wholeFormPath = ({ base }: DocumentPlaces): string => `${base}/hand-in/consignment`
