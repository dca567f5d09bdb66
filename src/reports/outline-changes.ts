/** What an edition restates, line by line: as it was, as it is, and the difference. */
import { REPORT_CHANGES_PRINTED_MAX } from '../kernel/report-limits.ts'
import { inCount, inGrowth, inPercent, inYuan } from './amounts.ts'
import type { Change, Report, ReportLang } from './model.ts'
import type { Block, Part } from './outline.ts'
import { say, words } from './words.ts'

export const changeBlocks = (report: Report, lang: ReportLang): readonly Part[] => {
  const told = words(lang)
  const blocks = [{ kind: 'heading' as const, text: told.parts.changes }, ...bodyOf(report, lang)]
  return [{ name: told.parts.changes, blocks }]
}

const bodyOf = ({ publication }: Report, lang: ReportLang): readonly Block[] => {
  const told = words(lang)
  const line = (text: string): Block => ({ kind: 'text', text })
  if (publication === null) return [line(told.draftChanges)]
  if (publication.edition === 1) return [line(told.firstEdition)]
  const { changes } = publication
  if (changes.length === 0) return [line(told.noChanges)]
  const left = changes.length - REPORT_CHANGES_PRINTED_MAX
  return [
    line(told.changesText(changes.length)),
    {
      kind: 'table',
      ...{ title: told.changes, unit: '', empty: '', printedMax: REPORT_CHANGES_PRINTED_MAX },
      columns: [
        { title: told.line, kind: 'text', width: 4.2 },
        { title: told.before, kind: 'figure', width: 2.2 },
        { title: told.now, kind: 'figure', width: 2.2 },
        { title: told.difference, kind: 'figure', width: 2.2 },
      ],
      rows: changes.map((change) => ({ cells: cellsOf(change, lang) })),
    },
    ...(left > 0 ? [line(told.moreChanges(left))] : []),
  ]
}

/** Written out here: one column holds counts, amounts, minutes and ratios. */
const cellsOf = (change: Change, lang: ReportLang): readonly (string | null)[] => {
  const write = WRITE[change.unit]
  const { before, now, difference } = change
  const shown = (value: string | null) => (value === null ? null : write(value))
  return [say(change.label, lang), shown(before), shown(now), signed(difference, change.unit)]
}

const WRITE: Readonly<Record<Change['unit'], (value: string) => string>> = {
  count: inCount,
  amount: inYuan,
  minutes: inYuan,
  ratio: inPercent,
}

const signed = (difference: string | null, unit: Change['unit']): string | null => {
  if (difference === null) return null
  if (unit === 'ratio') return inGrowth(difference)
  const text = WRITE[unit](difference)
  return text.startsWith('-') ? text : `+${text}`
}
