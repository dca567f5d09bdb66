/**
 * Compiles `src/catalogue/code-lists/<name>.csv` into the module beside it, because a Worker has no
 * files to read at run time, and lists the tables in `docs/code-lists.md`. A CSV file opens with
 * lines `# key: value` that say what the table is and where it comes from; then a head of columns
 * and a row a code. Several values of a cell stand between bars: `kg|公斤`.
 */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'

const FOLDER = 'src/catalogue/code-lists'

/** Columns a table may have, in the order of the module; true for those of several values. */
const COLUMNS: Readonly<Record<string, boolean>> = {
  code: false,
  zh: false,
  en: false,
  letters: true,
  aliases: true,
  validFrom: false,
  validTo: false,
  replacedBy: true,
  direction: false,
  country: false,
  note: false,
}

/** Keys of the head; `source` may stand there several times. */
const KEYS = ['zh', 'en', 'asOf', 'confidence', 'source', 'complete', 'reason.zh', 'reason.en']

interface Table {
  /** As in the file's name, `trade-mode`. */
  readonly name: string
  readonly id: string
  readonly facts: ReadonlyMap<string, readonly string[]>
  readonly rows: readonly Readonly<Record<string, string>>[]
}

/** Path from the project's root -> the text that file must have. Throws on a table it cannot read. */
export const generateCodeLists = async (
  folder: string = fileURLToPath(new URL(`../${FOLDER}/`, import.meta.url)),
): Promise<Map<string, string>> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.csv')).sort()
  const tables: Table[] = []
  for (const file of names)
    tables.push(tableOf(file.slice(0, -4), await readFile(`${folder}/${file}`, 'utf8')))
  return new Map([
    ...tables.map((table) => [`${FOLDER}/${table.name}.gen.ts`, moduleOf(table)] as const),
    ['docs/code-lists.md', pageOf(tables)] as const,
  ])
}

const tableOf = (name: string, given: string): Table => {
  const text = given.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const head = /^(?:#.*\n)*/.exec(text)?.[0] ?? ''
  const facts = new Map<string, string[]>()
  for (const line of head.split('\n').filter((one) => one !== '')) {
    const [, key = '', value = ''] = /^# ([A-Za-z.]+): (.+)$/.exec(line) ?? []
    if (!KEYS.includes(key) && key !== 'note') throw new Error(`${name}.csv: cannot read: ${line}`)
    facts.set(key, [...(facts.get(key) ?? []), value])
  }
  const lacking = KEYS.filter((key) => !facts.has(key))
  if (lacking.length > 0) throw new Error(`${name}.csv: says nothing of ${lacking.join(', ')}`)
  if (!/^(?:yes|no)$/.test(one(facts, 'complete')))
    throw new Error(`${name}.csv: complete is neither yes nor no`)
  const rows: Record<string, string>[] = parse(text.slice(head.length), {
    columns: true,
    skip_empty_lines: true,
    trim: true,
  })
  const strange = Object.keys(rows[0] ?? {}).filter((column) => COLUMNS[column] === undefined)
  if (strange.length > 0) throw new Error(`${name}.csv: unknown columns ${strange.join(', ')}`)
  const id = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return {
    name,
    id,
    facts,
    rows: [...rows].sort((a, b) => ((a.code ?? '') < (b.code ?? '') ? -1 : 1)),
  }
}

const one = (facts: Table['facts'], key: string): string => facts.get(key)?.[0] ?? ''

const moduleOf = ({ name, id, facts, rows }: Table): string => {
  const fact = (key: string): string => quoted(one(facts, key))
  const lines = [
    `// Made by scripts/generate-code-lists.ts from ${name}.csv; change that and run it again.`,
    `import type { CodeListFacts } from './list.ts'`,
    '',
    `export const ${id}: CodeListFacts = {`,
    `  id: ${quoted(id)},`,
    ...['zh', 'en', 'asOf', 'confidence'].map((key) => `  ${key}: ${fact(key)},`),
    '  sources: [',
    ...(facts.get('source') ?? []).map((source) => `    ${quoted(source)},`),
    '  ],',
    `  complete: ${one(facts, 'complete') === 'yes'},`,
    `  reason: { zh: ${fact('reason.zh')}, en: ${fact('reason.en')} },`,
    ...(facts.has('note') ? [`  note: ${fact('note')},`] : []),
    `  count: ${rows.length},`,
    '  rows: [',
    ...rows.map((row) => `    { ${membersOf(row)} },`),
    '  ],',
    '}',
  ]
  return `${lines.join('\n')}\n`
}

const membersOf = (row: Readonly<Record<string, string>>): string =>
  Object.entries(COLUMNS)
    .flatMap(([column, isMany]) => {
      const cell = row[column] ?? ''
      if (cell === '') return []
      const value = isMany ? `[${cell.split('|').map(quoted).join(', ')}]` : quoted(cell)
      return [`${column}: ${value}`]
    })
    .join(', ')

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const pageOf = (tables: readonly Table[]): string => {
  const line = ({ name, id, facts, rows }: Table): string => {
    const cells = [
      `\`${id}\` ${one(facts, 'zh')}`,
      `[${name}.csv](../${FOLDER}/${name}.csv)`,
      String(rows.length),
      one(facts, 'asOf'),
      one(facts, 'complete'),
      [one(facts, 'confidence'), ...(facts.get('note') ?? [])].join('. '),
    ]
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  }
  const sources = tables.flatMap(({ id, facts }) => [
    `- \`${id}\``,
    ...(facts.get('source') ?? []).map((source) => `  - ${source}`),
  ])
  return `${[PAGE_HEAD, ...tables.map(line), '', '## Sources', '', ...sources].join('\n')}\n`
}

const PAGE_HEAD = `<!-- Made by npm run generate; change src/catalogue/code-lists/*.csv or scripts/generate-code-lists.ts. -->
# Code lists

What the codes of a message mean: customs' parameter tables, each with its source and its date. A field of the catalogue
names its list, and the check looks every code up.

- A code outside a list that is not complete is a **warning** (\`NOT_LISTED\`), never a refusal: the tables at hand are public
  copies, and customs may know more. Outside a complete list it is a fault.
- A code whose use had ended on the day of \`appTime\`, or begins after it, is \`NOT_IN_FORCE\`. What was in use before the
  list was made passes without a look at the calendar.
- Both name the codes that were probably meant: one slip away, with their zeros back, or those of what was written
  instead (\`USD\`, \`CN\`, 千克, 美国). So do the faults of length of such a field.
- \`hs\` and \`gbDistrict\` have no table; their codes pass.

To bring a newer table in: replace the rows of its CSV file, set \`asOf\`, \`source\` and \`complete\` in its head, run
\`npm run generate\`. Columns: \`code\`, \`zh\`, and where known \`en\`, \`letters\` (ISO), \`aliases\`, \`validFrom\` and \`validTo\`
(yyyyMMdd), \`replacedBy\`, \`direction\`, \`country\`, \`note\`.

| list | file | codes | as of | complete | how sure |
|---|---|---|---|---|---|`
