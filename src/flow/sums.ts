/** Whether the amounts of a document add up, as far as the document alone tells. */
import { matchSums } from '../catalogue/match-fields.ts'
import type { AnyDocument, Declaration, FieldRecord } from '../catalogue/message.ts'
import { rules } from '../catalogue/rules/index.ts'
import { type Comparison, isUnequal, judgeSums } from '../rules/consignment.ts'
import { comparedOf, pointerOf } from './compared.ts'
import type { Finding } from './findings.ts'

/** One finding for each sum that is not what its terms come to, with the terms. */
export const sumFindings = (
  entry: Declaration,
  document: AnyDocument,
  head: FieldRecord,
): readonly Finding[] =>
  matchSums.some((sum) => sum.kind === entry.code && isUnequal(head, sum))
    ? judgeSums(new Map([[entry.code, comparedOf(entry, document)]])).flatMap(findingOf(entry.code))
    : []

const findingOf =
  (kind: string) =>
  ({ rule, verdict, places, values, expected = '', terms }: Comparison): readonly Finding[] => {
    const [place, value = ''] = [places[kind], values[kind]]
    if (verdict !== 'differs' || place === undefined) return []
    const { zh, en, customs } = rules[rule]
    const code = customs === undefined ? { zh: '', en: '' } : named(customs)
    return [
      {
        ...{ rule, field: place.field, pointer: pointerOf(kind, place) },
        text: {
          zh: `金额计算不平：${zh}${code.zh}`,
          en: `The amounts do not add up. ${en}${code.en}`,
        },
        values: { ...terms, [place.field]: value, expected },
      },
    ]
  }

const named = (customs: string) => ({
  zh: `（海关退单代码 ${customs}）`,
  en: ` (customs refuses with ${customs})`,
})
