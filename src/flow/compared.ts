/** Documents as the rules compare them, and where in a document a comparison leads. */
import { getDeclaration, headOf } from '../catalogue/index.ts'
import type { AnyDocument, Declaration } from '../catalogue/message.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { at } from '../kernel/fault.ts'
import type { Compared, Place } from '../rules/consignment.ts'

export const comparedOf = (entry: Declaration, document: AnyDocument): Compared => ({
  head: headOfDocument(entry, document),
  lines: (group) => linesOf(entry, document, group),
})

/** JSON Pointer of what a comparison is about in a document of this kind. */
export const pointerOf = (kind: string, { group, index, field }: Place): string => {
  const head = headOf(getDeclaration(kind)).group ?? ''
  const name = group === '' ? head : group
  const start = name === '' ? '' : at('', name)
  const record = index < 0 ? start : at(start, index)
  return field === '' ? record : at(record, field)
}
