/**
 * `docs/stricter.md`: where our check and the official schema part on purpose, with the reason of
 * each place and, where it is about certain fields, their names, as the catalogue has them.
 */
import { messages } from '../src/catalogue/index.ts'
import type { Message } from '../src/catalogue/message.ts'
import { type Stricter, stricter, wider } from '../src/codec/differences.ts'
import { shapeOf } from '../src/codec/shape.ts'

const entries: readonly Message[] = messages

/** `CEB311 appType, appStatus`, one line for each kind that has such fields. */
const fieldsOf = ({ concerns, when, received }: Stricter): readonly string[] => {
  // A line about values is about every field of its type.
  if (concerns === undefined || when !== undefined) return []
  return entries.flatMap((entry) => {
    if (!received && entry.sort !== 'declaration') return []
    const names = shapeOf(entry).groups.flatMap((group) =>
      group.fields
        .filter(({ field }) => concerns(field))
        .map(({ name }) => (group.single ? name : `${group.name}/${name}`)),
    )
    return names.length === 0 ? [] : [`- ${entry.code} ${entry.zh}: \`${names.join('`, `')}\``]
  })
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const stricterSection = (line: Stricter, index: number): string => {
  const fields = fieldsOf(line)
  const count = fields.join().split('`, `').length + fields.length - 1
  const list = [
    '<details>',
    `<summary>${counted(count, 'field')} of ${counted(fields.length, 'kind')}</summary>`,
    '',
    ...fields,
    '',
    '</details>',
  ]
  return [
    `### ${index + 1}. ${line.title}`,
    '',
    line.reason,
    '',
    `Told as ${line.words.map((word) => `\`${word}\``).join(', ')}; ${
      line.received ? 'for what is sent and for what customs sends' : 'for what is sent'
    }.`,
    ...(fields.length === 0 ? [] : ['', ...list]),
  ].join('\n')
}

const page = (): string =>
  [
    '# Where we part from the official schema',
    '',
    '<!-- Made by `npm run generate` from src/codec/differences.ts and the catalogue. -->',
    '',
    'Our schemas (`schemas/`, `yuguan schema CODE`) state what the official ones of the 202205 edition state,',
    'element by element. The check asks for more in the places of the first list, each for a reason; the reader',
    'takes more in those of the second. The conformance suite spoils 1,000 messages of every kind and holds each',
    'difference it meets against these lists: one that is not on them is a defect.',
    '',
    '## What the check refuses though the schema takes it',
    '',
    ...stricter.map((line, index) => `${stricterSection(line, index)}\n`),
    '## What the reader takes though the schema refuses it',
    '',
    'None of it is written: what goes out is what the schema wants.',
    '',
    ...Object.values(wider).map(({ title, reason }) => `- **${title}.** ${reason}`),
    '',
  ].join('\n')

/** Path from the project's root to the text of the file. */
export const generateDifferences = (): ReadonlyMap<string, string> =>
  new Map([['docs/stricter.md', page()]])
