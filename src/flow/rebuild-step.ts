/** How far a check or a rebuild of the totals is. */

/** Lanes of lists, months of sums, lanes of refusals and of bills. */
export interface RebuildStep {
  readonly what: 'lists' | 'sums' | 'refusals' | 'taxes'
  readonly done: number
  readonly of: number
}
