/**
 * What the documents of a consignment say of the same things, side by side: what differs first, with
 * what customs would refuse it with; what agrees is folded away.
 */
import { getDeclaration } from '../../catalogue/index.ts'
import { isPersonal } from '../../codec/changes.ts'
import { fill, type Lang, say } from '../texts.ts'
import { COMPARISONS_SHOWN_MAX } from './document-limits.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import { kindShort, shownValue } from './names.ts'
import type { Comparison } from './reading.ts'

export interface ComparisonsProps {
  readonly lang: Lang
  readonly comparisons: readonly Comparison[]
  /** Columns, in the order of the consignment. */
  readonly kinds: readonly string[]
}

export const Comparisons = ({ lang, comparisons, kinds }: ComparisonsProps) => {
  const of = (verdict: Comparison['verdict']) =>
    comparisons.filter((comparison) => comparison.verdict === verdict)
  const [differs, untold, equal] = [of('differs'), of('cannot-tell'), of('equal')]
  const columns = kinds.filter((kind) => comparisons.some(({ fields }) => kind in fields))
  if (comparisons.length === 0)
    return (
      <section class="card">
        <h2>{say(texts.comparison, lang)}</h2>
        <p class="note">{say(texts.comparisonNone, lang)}</p>
      </section>
    )
  return (
    <section class="comparisons">
      <h2>{say(texts.comparison, lang)}</h2>
      <p class="note">{say(texts.comparisonPart, lang)}</p>
      {differs.length === 0 ? (
        <p class="agreed">{say(texts.differingNone, lang)}</p>
      ) : (
        <Compared lang={lang} heading={texts.differing} rows={differs} columns={columns} />
      )}
      <Folded lang={lang} heading={texts.untold} rows={untold} columns={columns} />
      <Folded lang={lang} heading={texts.agreeing} rows={equal} columns={columns} />
    </section>
  )
}

interface RowsProps {
  readonly lang: Lang
  readonly heading: { readonly zh: string; readonly en: string }
  readonly rows: readonly Comparison[]
  readonly columns: readonly string[]
}

const Folded = (props: RowsProps) =>
  props.rows.length === 0 ? null : (
    <details>
      <summary>{headingOf(props)}</summary>
      <Compared {...props} />
    </details>
  )

const headingOf = ({ heading, rows, lang }: RowsProps): string =>
  fill(say(heading, lang), { count: String(rows.length) })

const Compared = (props: RowsProps) => {
  const { lang, rows, columns } = props
  const more = rows.length - COMPARISONS_SHOWN_MAX
  return (
    <div class="table-scroll" data-narrow="cards">
      <table class="data differences">
        <caption>{headingOf(props)}</caption>
        <thead>
          <tr>
            <th scope="col">{say(texts.field, lang)}</th>
            {columns.map((kind) => (
              <th scope="col">{kindShort(kind, lang)}</th>
            ))}
            <th scope="col">{say(texts.verdict, lang)}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, COMPARISONS_SHOWN_MAX).map((row) => (
            <ComparedRow lang={lang} row={row} columns={columns} />
          ))}
        </tbody>
      </table>
      {more > 0 ? <p class="note">{fill(say(texts.moreRows, lang), { count: `${more}` })}</p> : ''}
    </div>
  )
}

const ComparedRow = ({
  lang,
  row,
  columns,
}: {
  readonly lang: Lang
  readonly row: Comparison
  readonly columns: readonly string[]
}) => (
  <tr data-agrees={AGREES[row.verdict]} data-rule={row.rule}>
    <th scope="row">
      {row.line === null ? '' : fill(say(texts.lineNumber, lang), { line: row.line })}
      {row.label[lang]}
    </th>
    {columns.map((kind) => (
      <td data-label={kindShort(kind, lang)}>
        <Value lang={lang} row={row} kind={kind} />
      </td>
    ))}
    <td data-label={say(texts.verdict, lang)}>
      <Verdict lang={lang} row={row} />
    </td>
  </tr>
)

const AGREES = { equal: 'yes', differs: 'no', 'cannot-tell': 'unknown' } as const

/** A value, with the name of its field; what another's document says is not told. */
const Value = ({
  lang,
  row,
  kind,
}: {
  readonly lang: Lang
  readonly row: Comparison
  readonly kind: string
}) => {
  const pointer = row.fields[kind]
  if (pointer === undefined) return <span class="none">–</span>
  const value = row.values[kind]
  const name = pointer.split('/').at(-1) ?? ''
  return (
    <>
      {value === undefined ? (
        <span class="none">{say(texts.hidden, lang)}</span>
      ) : (
        <span class="compared-value">
          {shownValue(value, isPersonal(getDeclaration(kind), pointer))}
        </span>
      )}{' '}
      <code class="field-name">{name}</code>
    </>
  )
}

const Verdict = ({ lang, row }: { readonly lang: Lang; readonly row: Comparison }) => (
  <>
    <strong class="verdict" data-verdict={row.verdict}>
      <span aria-hidden="true">{MARKS[row.verdict]}</span> {say(VERDICTS[row.verdict], lang)}
    </strong>
    {row.verdict !== 'differs' || row.severity === null ? (
      ''
    ) : (
      <span class="severity"> {say(SEVERITIES[row.severity], lang)}</span>
    )}
    {row.verdict !== 'differs' || row.code === null ? (
      ''
    ) : (
      <span class="customs-code"> {fill(say(texts.wouldRefuse, lang), { code: row.code })}</span>
    )}
    {row.expected === undefined || row.verdict !== 'differs' ? (
      ''
    ) : (
      <span class="expected"> {fill(say(texts.expected, lang), { expected: row.expected })}</span>
    )}
  </>
)

const MARKS = { equal: '✓', differs: '≠', 'cannot-tell': '?' } as const
const VERDICTS = {
  equal: texts.equalWord,
  differs: texts.differsWord,
  'cannot-tell': texts.cannotTellWord,
} as const
const SEVERITIES = {
  refuse: texts.severityRefuse,
  hold: texts.severityHold,
  warn: texts.severityWarn,
} as const
