/** Whether the amounts of a document add up, as far as the document alone tells. */
import type { AnyDocument, Declaration } from '../catalogue/message.ts'
import { rules } from '../catalogue/rules/index.ts'
import { judgeSums } from '../rules/consignment.ts'
import { comparedOf, pointerOf } from './compared.ts'
import type { Finding } from './findings.ts'

/** One finding for each sum that is not what its terms come to, with the terms. */
export const sumFindings = (entry: Declaration, document: AnyDocument): readonly Finding[] =>
  judgeSums(new Map([[entry.code, comparedOf(entry, document)]])).flatMap(
    ({ rule, verdict, places, values, expected = '', terms }) => {
      const [place, value = ''] = [places[entry.code], values[entry.code]]
      if (verdict !== 'differs' || place === undefined) return []
      const { zh, en, customs } = rules[rule]
      const code = customs === undefined ? { zh: '', en: '' } : named(customs)
      return [
        {
          ...{ rule, field: place.field, pointer: pointerOf(entry.code, place) },
          text: {
            zh: `金额计算不平：${zh}${code.zh}`,
            en: `The amounts do not add up. ${en}${code.en}`,
          },
          values: { ...terms, [place.field]: value, expected },
        },
      ]
    },
  )

const named = (customs: string) => ({
  zh: `（海关退单代码 ${customs}）`,
  en: ` (customs refuses with ${customs})`,
})
