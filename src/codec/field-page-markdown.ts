/**
 * Field pages as Markdown, for `docs/messages`: Chinese first, English beside it. Generated and
 * committed, so that a change of the catalogue shows its change of the documentation.
 */
import { messages } from '../catalogue/index.ts'
import type { Message } from '../catalogue/message.ts'
import type { Text } from '../kernel/fault.ts'
import { exampleOf, exampleXml } from './example.ts'
import { type FieldPage, type FieldRow, fieldPageOf, type GroupTable } from './field-page.ts'
import { kindFlows } from './field-page-index.ts'

/** `docs/messages/<code>.md`. */
export const fieldPageMarkdown = (entry: Message): string => {
  const page = fieldPageOf(entry)
  return [
    `# ${page.code} ${page.title.zh}`,
    page.title.en,
    `[全部报文 All messages](README.md) · [XSD](../../schemas/${page.code}.xsd)`,
    page.facts.map(({ label, value }) => `- **${both(label)}**：${both(value)}`).join('\n'),
    ...statusSection(entry, page),
    ...page.groups.flatMap((group) => groupSection(group)),
    ...differenceSection(page),
    ...exampleSection(entry),
  ]
    .join('\n\n')
    .concat('\n')
}

/** `docs/messages/README.md`. */
export const kindIndexMarkdown = (): string =>
  [
    '# 报文 Messages',
    `海关跨境统一版 202205 版的全部 ${messages.length} 种报文。每页由报文目录生成。 / All ${messages.length} messages of the standard, edition 202205; every page is made from the catalogue.`,
    ...kindFlows().flatMap(({ title, rows }) => [
      `## ${title.zh} ${title.en}`,
      table(
        ['代码 Code', '名称 Name', '报送 Sent by', '回执 Reply'],
        rows.map(({ code, name, reply, sender }) => [
          linked(`[${code}]`),
          both(name),
          both(sender),
          reply === undefined ? '' : linked(`[${reply}]`),
        ]),
      ),
    ]),
    '## 读法 How to read the tables',
    [
      '- **长度 Size**：文本按字符计，`≤60` 为最多 60 个；小数 `19,5` 为共 19 位、其中小数 5 位。 / Texts in characters; decimals as digits in all, and after the point.',
      '- **必填 Required**：“必填（文本）”为标准文本要求而架构可选，一律发送。 / “required (text)”: by the published text, though optional in the schema; always sent.',
      '- **取值 Values**：取值表出自标准文本，架构只限长度。 / Lists of values are the text’s; the schema only counts characters.',
      '- **个人信息 personal**：加密保存，页面上遮盖，不进日志。 / Sealed in the database, masked on pages, never logged.',
      '- 字段名与标准逐字一致，拼写错误也保留。 / Field names are the standard’s own, misspelt where it is.',
      '- 网关比架构更严之处及理由见 [stricter.md](../stricter.md)。 / Where the gateway is stricter than the schema, and why: [stricter.md](../stricter.md).',
    ].join('\n'),
  ]
    .join('\n\n')
    .concat('\n')

/** Chinese, then English where it says something else. */
const both = ({ zh, en }: Text): string => linked(zh === en ? zh : `${zh} / ${en}`)

/** Short words side by side. */
const pair = ({ zh, en }: Text): string => linked(zh === en ? zh : `${zh} ${en}`.trim())

const linked = (text: string): string => text.replaceAll(/\[(CEB\d{3})\]/g, '[$1]($1.md)')

/** The catalogue's own words hold signs that Markdown would take for its own. */
const plain = (text: string): string =>
  text.replaceAll(/[\\`*_[\]<>]/g, (sign) => (sign === '<' ? '&lt;' : `\\${sign}`))

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(row)].join('\n')

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

const statusSection = (entry: Message, page: FieldPage): readonly string[] => {
  if (page.statuses.length === 0) return []
  const isReply = entry.sort === 'reply'
  return [
    isReply
      ? '## 回执状态 Statuses'
      : entry.sort === 'notice'
        ? '## 状态 Statuses'
        : '## 正常流程 Usual way',
    table(
      ['代码 Code', '含义 Meaning', ...(entry.sort === 'notice' ? [] : ['网关状态 State'])],
      page.statuses.map(({ code, meaning, state, group, usual }) => [
        `\`${code}\`${isReply && usual ? ' ★' : ''}`,
        both(meaning),
        ...(state === undefined ? [] : [`${both(state)}${group ? `（${both(group)}）` : ''}`]),
      ]),
    ),
    ...(isReply
      ? [
          '★ 正常流程 usual way。负数为处理失败，其他代码照样保存并显示。 / Negative codes are processing errors; any other code is kept and shown.',
        ]
      : []),
  ]
}

const groupSection = (group: GroupTable): readonly string[] => [
  group.name === undefined
    ? '## 字段 Fields'
    : `## \`${group.name}\` ${group.zh}（${both(group.count)}）`,
  table(
    [
      '#',
      '字段 Field',
      '中文名',
      '类型 Type',
      '长度 Size',
      '必填 Required',
      '取值 Values',
      '说明 Notes',
    ],
    group.rows.map(fieldCells),
  ),
]

const fieldCells = (field: FieldRow): readonly string[] => [
  String(field.order),
  `\`${field.name}\``,
  field.zh,
  pair(field.type),
  field.size,
  pair(field.required),
  [...field.values.map(pair), ...listCells(field)].join(' · '),
  [...(field.sensitive ? ['**个人信息 personal.**'] : []), plain(field.note ?? '')]
    .join(' ')
    .trim(),
]

const listCells = ({ list }: FieldRow): readonly string[] =>
  list === undefined ? [] : [`[${list.zh}](../code-lists.md)`]

const differenceSection = ({ differences }: FieldPage): readonly string[] =>
  differences.length === 0
    ? []
    : [
        '## 架构与标准文本的差异 Schema against text',
        differences
          .map(
            ({ fields, text }) =>
              `- ${fields.map((name) => `\`${name}\``).join(' ')}：${both(text)}`,
          )
          .join('\n'),
      ]

const exampleSection = (entry: Message): readonly string[] => [
  '## 示例 Example',
  '合成数据，不属于任何人；未签名。 / Synthetic, nobody’s; unsigned.',
  folded('JSON', 'json', JSON.stringify(exampleOf(entry), null, 2)),
  folded('XML', 'xml', exampleXml(entry).trimEnd()),
  [
    '```sh',
    `npx yuguan schema ${entry.code} --example > example.json   # 本例 / this example (--xml, --minimal)`,
    'npx yuguan validate example.json                   # 检查 / check it',
    '```',
  ].join('\n'),
]

const folded = (title: string, language: string, text: string): string =>
  [`<details><summary>${title}</summary>`, `\`\`\`${language}\n${text}\n\`\`\``, '</details>'].join(
    '\n\n',
  )
