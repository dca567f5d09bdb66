/**
 * Writes `docs/codes.md` from the catalogue: official statuses, result codes of customs, error codes
 * of the e-port by kind, response codes of the exchange platform, and the causes they share with who
 * acts and what he does.
 */
import { actors } from '../src/catalogue/causes/cause.ts'
import { causes } from '../src/catalogue/causes/index.ts'
import { everyKind } from '../src/catalogue/errors/every-kind.ts'
import { errorTables } from '../src/catalogue/errors/index.ts'
import type { ErrorTable } from '../src/catalogue/errors/table.ts'
import { exchangeCodes } from '../src/catalogue/exchange-codes.ts'
import { findMessage } from '../src/catalogue/index.ts'
import { resultCodes } from '../src/catalogue/result-codes.ts'
import { states, statuses } from '../src/catalogue/statuses.ts'

/** Path from the project's root -> the text that file must have. */
export const generateCodes = (): Map<string, string> =>
  new Map([['docs/codes.md', `${page().join('\n\n')}\n`]])

const page = (): readonly string[] => [
  '# 回执代码 / Codes of replies',
  INTRODUCTION,
  '## 状态 / Official statuses (`returnStatus`)',
  table(
    ['代码', '含义', 'meaning', 'state', 'cause'],
    Object.entries(statuses).map(([code, { zh, en, state, cause }]) => [
      `\`${code}\``,
      zh,
      en,
      `\`${state}\` ${states[state].zh}`,
      link(cause),
    ]),
  ),
  AFTER_STATUSES,
  '## 海关结果代码 / Result codes of customs (`[Code:…;Desc:…]`)',
  table(
    ['代码', '含义', 'meaning', 'status', 'cause'],
    Object.entries(resultCodes).map(([code, { zh, en, status, cause }]) => [
      `\`${code}\``,
      zh,
      en,
      `\`${status}\``,
      link(cause),
    ]),
  ),
  '## 错误代码 / Error codes of the e-port',
  ERRORS,
  '### 各类单证通用 / Any kind',
  errorTable(everyKind),
  ...errorTables.flatMap((errors) => [heading(errors.kind), errorTable(errors)]),
  '## 交换平台应答 / Responses of the exchange platform (`DxpRep`)',
  table(
    ['代码', '含义', 'meaning', 'cause'],
    Object.entries(exchangeCodes).map(([code, { zh, en, cause }]) => [
      `\`${code}\``,
      zh,
      en,
      link(cause),
    ]),
  ),
  '`4000`–`9999`: 留给各平台自用 / left to the platforms.',
  '## 原因与办法 / Causes and cures',
  ...Object.entries(causes).map(([name, { zh, en, actors: who, cure }]) =>
    [
      `### ${name}`,
      '',
      `${zh}。 / ${en}.`,
      '',
      `- 谁处理：${who.map((actor) => actors[actor].zh).join('、')} / ${who.map((actor) => actors[actor].en).join(', ')}`,
      `- ${cure.zh}。`,
      `- ${cure.en}.`,
    ].join('\n'),
  ),
]

const INTRODUCTION = `Made by scripts/generate-codes.ts from \`src/catalogue\`; change that and run \`npm run generate\`.
Every code of a reply has a meaning, a cause, somebody who acts, and a cure. Codes with the same cause
are mended alike. A code that stands nowhere here is kept, shown as it came, and counted:
\`GET /api/v1/codes/unknown\`.`

const AFTER_STATUSES = `A negative code is a refusal of the e-port, below. \`99\` is no official value. Any other code makes the
document \`unknown\` until a known one comes. Tax bills and results of summaries have codes of their own,
told with their messages.`

const ERRORS = `By the kind of document answered, because the numbers of import and export overlap. The eight sorts
are causes too, and hold where a code has none of its own. Source: tables of the 202205 edition (import)
and of 2018 (export, which publishes ranges only), in our own words. * seen in practice, in no table.`

const heading = (kind: string): string => {
  const entry = findMessage(kind)
  return entry === undefined ? `### ${kind}` : `### ${kind} ${entry.zh} / ${entry.en}`
}

function errorTable({ codes, seen = [], ranges = [] }: Omit<ErrorTable, 'kind'>): string {
  const rows = [...codes, ...seen].map((row) => {
    const [code, sort, zh, en, cause = sort] = row
    return [`\`${code}\`${seen.includes(row) ? ' *' : ''}`, sort, zh, en, link(cause)]
  })
  const spans = ranges.map(({ first, last, sort, zh, en, cause = sort }) => [
    `\`${first}\` … \`${last}\``,
    sort,
    zh,
    en,
    link(cause),
  ])
  return table(['代码', 'sort', '含义', 'meaning', 'cause'], [...rows, ...spans])
}

const link = (name: string): string => `[${name}](#${name})`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
