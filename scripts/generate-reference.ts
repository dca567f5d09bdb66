/** Writes `docs/reference-data.md` from the catalogue: every loadable table with its columns. */
import {
  type ReferenceColumn,
  type ReferenceTable,
  referenceTables,
} from '../src/catalogue/reference/index.ts'
import { formatOf } from '../src/codec/reference.ts'

/** Path from the project's root -> the text that file must have. */
export const generateReference = (): Map<string, string> =>
  new Map([['docs/reference-data.md', `${page().join('\n\n')}\n`]])

const page = (): readonly string[] => [
  '# 参考数据 / Reference data',
  INTRODUCTION,
  ...referenceTables.flatMap((entry) => [
    `## ${entry.name}`,
    `${entry.zh} / ${entry.en}. ${datings[entry.dating]} Rows are told apart by ${code(entry.key)}.${keptOf(entry)}`,
    columnsOf(entry),
  ]),
]

const INTRODUCTION = `Made by scripts/generate-reference.ts from \`src/catalogue/reference\`; change that and run \`npm run generate\`.

What changes by announcement is data and no code: each row has its days and its source. Operators load
it from CSV; every enterprise may look at it, unless a table says otherwise.

\`\`\`sh
yuguan reference load positive-list list.csv --from 2022-03-01 --source "公告…" --dry-run
yuguan reference show rule-values --all > figures.csv     # edit, then load again
curl -X POST "$YUGUAN/api/v1/reference/positive-list?from=2022-03-01&dryRun=true" \\
  -H "Authorization: Bearer $OPERATOR" -H "Content-Type: text/csv" --data-binary @list.csv
curl "$YUGUAN/api/v1/reference/positive-list?hs=1901101000&on=2026-10-15" -H "Authorization: Bearer $KEY"
\`\`\`

- The first row names the columns, by name or by Chinese name, in any order; a head that begins with \`#\`
  is left out. UTF-8 or GB18030, with comma, semicolon or tab.
- A file is taken whole or not at all: 422 \`REFERENCE-REFUSED\`, every fault with its \`row\` and \`column\`.
- The same file a second time changes nothing. A row with the key of one that is there changes it.
- \`source\` and \`from\` stand in for cells of these columns that are blank.
- \`replace\` removes the rows with the same first day that the file lacks; without it nothing is removed.
- \`dryRun\` counts what would be added, changed and removed.
- \`GET\` shows the rows that hold today, or on the day \`on\`, or all of them (\`all=true\`); \`hs\` those that a
  tariff code falls under; \`format=csv\` a file that can be loaded again. \`edition\` is null where no edition
  is loaded for the day: then the rules that rest on it say nothing.
- What is loaded about goods is in force within ten seconds, in every process.

The positive list, the bans of sale and the units of tariff codes are delivered empty. A sample of the first:

\`\`\`csv
hs,name,remark,yearlyCap,capUnit,validFrom,source
17019910,砂糖,每人每年不超过2千克,2,035,2022-03-01,样例
10063020,精米,每人每年不超过20千克,20,035,2022-03-01,样例
\`\`\`

The cap is shown and not counted: what a person bought elsewhere is known to customs alone.`

const datings: Readonly<Record<ReferenceTable['dating'], string>> = {
  edition: 'The newest edition (all rows with one `validFrom`) takes the place of all before.',
  row: 'Of rows about the same the newest in force on a day holds.',
  none: 'Its rows are not dated.',
}

const keptOf = ({ history, sight, replaces }: ReferenceTable): string =>
  [
    replaces === undefined ? '' : ` \`replace\` goes by \`${replaces}\`.`,
    history === undefined ? '' : ' Every state of a row is kept, with the moment it was recorded.',
    sight === undefined ? '' : ' Operators alone look at it.',
  ].join('')

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

const columnsOf = ({ columns }: ReferenceTable): string =>
  [
    '| column | 列名 | meaning | required | format |',
    '|---|---|---|---|---|',
    ...columns.map(
      (column) =>
        `| \`${column.name}\` | ${column.zh} | ${column.en} | ${column.required ? 'yes' : ''} | ${formatText(column)} |`,
    ),
  ].join('\n')

/** Codes by the dozen are shown by the table itself. */
const VALUES_SHOWN_MAX = 6

const formatText = (column: ReferenceColumn): string => {
  const { values } = column
  if (values === undefined) return formatOf(column).en
  return values.length > VALUES_SHOWN_MAX ? 'one of those that are there' : code(values)
}
