/** Writes `docs/rules.md` from the catalogue: every rule, what breaking it leads to, and the cure. */
import { type RuleCode, ruleCodes, rules } from '../src/catalogue/rules/index.ts'

/** Path from the project's root -> the text that file must have. */
export const generateRules = (): Map<string, string> =>
  new Map([['docs/rules.md', `${page().join('\n\n')}\n`]])

const page = (): readonly string[] => [
  '# 规则 / Rules',
  INTRODUCTION,
  table(
    ['规则', '要求', 'what must hold', 'severity', 'softer', '海关代码', 'basis', 'from'],
    ruleCodes.map((code) => {
      const { zh, en, severity, softer = [], customs, confidence, validFrom } = rules[code]
      return [
        link(code),
        zh,
        en,
        `\`${severity}\``,
        softer.map((each) => `\`${each}\``).join(' '),
        customs === undefined ? '' : `[\`${customs}\`](codes.md)`,
        confidence,
        validFrom,
      ]
    }),
  ),
  '## 办法与依据 / Cures and sources',
  ...ruleCodes.map((code) => {
    const { cure, source } = rules[code]
    return [`### ${code}`, '', `- ${cure.zh}。`, `- ${cure.en}.`, `- 依据：${source}`].join('\n')
  }),
]

const INTRODUCTION = `Made by scripts/generate-rules.ts from \`src/catalogue/rules\`; change that and run \`npm run generate\`.

- \`refuse\`: 单证不被接收 / the document is not taken.
- \`hold\`: 清单暂不发送，直到更正的单证到达，或由有权者经 \`POST /api/v1/documents/{id}/send-anyway\` 放行 / the list
  is not sent until a corrected document comes, or somebody who may sends it on.
- \`warn\`: 仅提示 / told, and nothing more.

These are the severities the gateway is delivered with. What is in force is reference data by day, which operators
change ([rule-editions](reference-data.md#rule-editions)); \`softer\` is what an enterprise may choose for itself
(\`PUT /api/v1/enterprises/{id}/rules\`). 海关代码 is the code customs was seen to refuse with. Basis: A official
or told by two independent sources, B by one, M general knowledge, I inferred. Customs publishes no
complete list: what is not sure only warns.`

const link = (code: RuleCode): string => `[${code}](#${code.toLowerCase()})`

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
