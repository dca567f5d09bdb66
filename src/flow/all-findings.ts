/** What rules find in the documents of a batch: in each by itself, and against what is stored. */
import type { Admission } from './admission.ts'
import type { Finding } from './findings.ts'
import { goodsFindings } from './goods.ts'
import { releasedFindings } from './released-lists.ts'
import type { FlowDeps, Handed } from './types.ts'

const NONE: readonly Finding[] = []

type Admitted = Extract<Admission, { kind: 'admitted' }>

/** In the order of the documents. */
export const allFindings = async (
  deps: FlowDeps,
  handed: readonly Handed[],
  admitted: readonly (Pick<Admitted, 'draft' | 'document' | 'findings'> & {
    readonly index: number
  })[],
): Promise<readonly (readonly Finding[])[]> => {
  const goods = await goodsFindings(
    deps,
    admitted.map(({ draft, document }) => ({ kind: draft.kind, document })),
  )
  const released = await releasedFindings(
    deps.db,
    admitted.map(({ index, draft: { kind, senderId, payload, targets } }) => ({
      ...{ kind, senderId, payload, targets, regardless: handed[index]?.regardless === true },
    })),
  )
  return admitted.map(({ findings }, i) => {
    const [ofGoods = NONE, ofReleased = NONE] = [goods[i], released[i]]
    // Nearly all are found right, and nothing is made for them.
    return ofGoods.length + ofReleased.length === 0
      ? findings
      : [...findings, ...ofGoods, ...ofReleased]
  })
}
