/**
 * All kinds in the order of their flow: what is handed in, with its reply beside it, then what
 * customs tells unasked. The index in `docs/messages`, the page `/docs/messages` and the command
 * line show it.
 */
import { declarations, formatReplies, notices } from '../catalogue/index.ts'
import type { Act, Declaration, Message } from '../catalogue/message.ts'
import { roleNames } from '../catalogue/roles.ts'
import type { Text } from '../kernel/fault.ts'

export interface KindFlow {
  readonly title: Text
  readonly rows: readonly KindRow[]
}

export interface KindRow {
  readonly code: string
  readonly name: Text
  /** Code of the reply; undefined for what customs sends. */
  readonly reply: string | undefined
  readonly sender: Text
}

const UNDOING: readonly Act['verb'][] = ['cancel', 'return', 'tally']

const isUndoing = ({ acts }: Declaration): boolean =>
  acts !== undefined && UNDOING.includes(acts.verb)
const isSummary = ({ acts }: Declaration): boolean => acts?.verb === 'summarise'
const isPlain = (entry: Declaration): boolean => !isUndoing(entry) && !isSummary(entry)

/** Every message of the catalogue stands in exactly one row, as itself or as the reply. */
export const kindFlows = (): readonly KindFlow[] => [
  flow(
    '进口',
    'Import',
    declarations.filter((one) => isPlain(one) && one.direction === 'import'),
  ),
  flow(
    '出口',
    'Export',
    declarations.filter((one) => isPlain(one) && one.direction !== 'import'),
  ),
  flow('撤销与退货', 'Cancellations and returns', declarations.filter(isUndoing)),
  flow('汇总申报', 'Summaries', declarations.filter(isSummary)),
  flow('海关告知', 'Told by customs', [...notices, ...formatReplies]),
]

const flow = (zh: string, en: string, entries: readonly Message[]): KindFlow => ({
  title: { zh, en },
  rows: entries.map((entry) => ({
    code: entry.code,
    name: { zh: entry.zh, en: entry.en },
    reply: entry.sort === 'declaration' ? entry.reply : undefined,
    sender: senderOf(entry),
  })),
})

const senderOf = (entry: Message): Text => {
  if (entry.sort !== 'declaration') return { zh: '海关', en: 'customs' }
  const names = entry.owners.map(({ role }) => roleNames[role])
  return {
    zh: names.map(({ zh }) => zh).join('、'),
    en: names.map(({ en }) => en).join(', '),
  }
}
