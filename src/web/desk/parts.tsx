/** Parts of pages that all desks share: figures, badges, tabs, stories, comparisons, confirmations. */
import type { Child } from 'hono/jsx'
import { type StateGroup, stateGroups, states } from '../../catalogue/statuses.ts'
import type { Text } from '../../kernel/fault.ts'
import { chinaTime, exactAmount, wholeCount } from '../figures.ts'
import { fill, type Lang, say } from '../texts.ts'
import { groupMarks, deskTexts as texts } from './texts.ts'

// ---- figures ---------------------------------------------------------------------------------

/** A moment in China time, to the minute unless seconds tell more; `–` where there is none. */
export const Time = ({
  iso,
  seconds = false,
}: {
  readonly iso: string | null | undefined
  readonly seconds?: boolean
}) =>
  iso === null || iso === undefined ? (
    <span class="none">–</span>
  ) : (
    <time datetime={iso} title={chinaTime(iso)}>
      {seconds ? chinaTime(iso) : minuteOf(iso)}
    </time>
  )

const minuteOf = (iso: string): string => chinaTime(iso).slice(0, 16)

/** An amount to the fen with its currency, exact. */
export const Money = ({
  amount,
  currency,
}: {
  readonly amount: string | null | undefined
  readonly currency?: string
}) =>
  amount === null || amount === undefined ? (
    <span class="none">–</span>
  ) : (
    <span class="money">
      {exactAmount(amount)}
      {currency === undefined ? '' : <small> {currency}</small>}
    </span>
  )

export const Count = ({ value }: { readonly value: number }) => <span>{wholeCount(value)}</span>

// ---- states ----------------------------------------------------------------------------------

const isKnownState = (state: string): state is keyof typeof states => state in states

/** Name of a document's state; the code itself where it has none. */
export const stateName = (state: string, lang: Lang): string =>
  isKnownState(state) ? states[state][lang] : state

/** A state by its group: word, mark and colour say the same. */
export const StateBadge = ({
  lang,
  group,
  state,
}: {
  readonly lang: Lang
  readonly group: StateGroup
  /** Left out: the badge names the group. */
  readonly state?: string
}) => (
  <span class="state" data-group={group} data-state={state} title={stateGroups[group][lang]}>
    <span aria-hidden="true">{groupMarks[group]}</span>
    <span data-state-text>
      {state === undefined ? stateGroups[group][lang] : stateName(state, lang)}
    </span>
  </span>
)

// ---- navigation ------------------------------------------------------------------------------

export interface Tab {
  readonly href: string
  readonly name: string
  readonly current?: boolean
  readonly count?: number | undefined
}

export const Tabs = ({
  label,
  tabs,
}: {
  readonly label: string
  readonly tabs: readonly Tab[]
}) => (
  <nav class="tabs" aria-label={label}>
    {tabs.map(({ href, name, current, count }) => (
      <a href={href} aria-current={current === true ? 'page' : undefined}>
        {name}
        {count === undefined ? '' : <span class="tab-count">{wholeCount(count)}</span>}
      </a>
    ))}
  </nav>
)

/** Heading of a page with what can be done on it. */
export const PageHead = ({
  title,
  note,
  children,
}: {
  readonly title: string
  readonly note?: Child
  readonly children?: Child
}) => (
  <header class="page-head">
    <div>
      <h1>{title}</h1>
      {note === undefined ? '' : <p class="note">{note}</p>}
    </div>
    {children === undefined ? '' : <div class="page-acts">{children}</div>}
  </header>
)

export interface NextStep {
  readonly href: string
  readonly name: string
}

/** Nothing to show, and what a reader does next. */
export const Empty = ({
  title,
  note,
  steps = [],
}: {
  readonly title: string
  readonly note?: string
  readonly steps?: readonly NextStep[]
}) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    {note === undefined ? '' : <p>{note}</p>}
    {steps.length === 0 ? (
      ''
    ) : (
      <ul>
        {steps.map(({ href, name }) => (
          <li>
            <a href={href}>{name}</a>
          </li>
        ))}
      </ul>
    )}
  </div>
)

/** Pairs of name and value; a value that is not there is told as such. */
export const Facts = ({
  facts,
}: {
  readonly facts: readonly { readonly name: string; readonly value: Child }[]
}) => (
  <dl class="facts desk-facts">
    {facts.map(({ name, value }) => (
      <div>
        <dt>{name}</dt>
        <dd>{value ?? '–'}</dd>
      </div>
    ))}
  </dl>
)

/** A part of a page that news bring up to date, by its name there; it holds no form. */
export const LiveRegion = ({
  name,
  children,
}: {
  readonly name: string
  readonly children?: Child
}) => (
  <div class="live-region" data-live-region={name}>
    {children}
  </div>
)

// ---- comparison, story, progress -------------------------------------------------------------

export interface DifferenceRow {
  readonly name: string
  /** By column key; left out where the document does not tell it. */
  readonly values: Readonly<Record<string, string | undefined>>
  readonly agrees: boolean
}

/** What several documents say of the same field, side by side. */
export const Differences = ({
  lang,
  caption,
  columns,
  rows,
}: {
  readonly lang: Lang
  readonly caption: string
  readonly columns: readonly { readonly key: string; readonly name: string }[]
  readonly rows: readonly DifferenceRow[]
}) => (
  <div class="table-scroll">
    <table class="data differences">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{say(texts.field, lang)}</th>
          {columns.map(({ name }) => (
            <th scope="col">{name}</th>
          ))}
          <th scope="col">{say(texts.state, lang)}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, values, agrees }) => (
          <tr data-agrees={agrees ? 'yes' : 'no'}>
            <th scope="row">{name}</th>
            {columns.map(({ key, name: column }) => (
              <td data-label={column}>
                {values[key] ?? <span class="none">{say(texts.notThere, lang)}</span>}
              </td>
            ))}
            <td data-label={say(texts.state, lang)}>
              {say(agrees ? texts.agrees : texts.differs, lang)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

export interface TimelineItem {
  /** ISO moment. */
  readonly at: string
  readonly title: Child
  readonly detail?: Child
  readonly group?: StateGroup
}

/** Lines of the same minute tell their seconds. */
export const Timeline = ({ items }: { readonly items: readonly TimelineItem[] }) => (
  <ol class="timeline">
    {items.map(({ at, title, detail, group }, index) => (
      <li data-group={group}>
        <Time
          iso={at}
          seconds={[items[index - 1], items[index + 1]].some(
            (beside) => beside !== undefined && minuteOf(beside.at) === minuteOf(at),
          )}
        />
        <div>
          <p class="timeline-title">{title}</p>
          {detail === undefined ? '' : <div class="timeline-detail">{detail}</div>}
        </div>
      </li>
    ))}
  </ol>
)

/** How far long work is; told as numbers too. */
export const Progress = ({
  lang,
  label,
  done,
  all,
}: {
  readonly lang: Lang
  readonly label: string
  readonly done: number
  readonly all: number
}) => (
  <p class="progress">
    <span>{label}</span>
    <progress max={Math.max(1, all)} value={done} aria-label={label}></progress>
    <span>{fill(say(texts.progress, lang), { done: wholeCount(done), all: wholeCount(all) })}</span>
  </p>
)

/** Shown by the script only: without it the text beside can be marked and copied. */
export const CopyButton = ({ lang, text }: { readonly lang: Lang; readonly text: string }) => (
  <button type="button" class="copy" data-copy={text} data-copied={say(texts.copied, lang)} hidden>
    {say(texts.copy, lang)}
  </button>
)

/** A number or code to be copied. */
export const Code = ({ lang, text }: { readonly lang: Lang; readonly text: string }) => (
  <span class="copyable">
    <code>{text}</code> <CopyButton lang={lang} text={text} />
  </span>
)

// ---- confirmation ----------------------------------------------------------------------------

export interface ConfirmProps {
  readonly lang: Lang
  readonly title: string
  /** What will happen, in the order in which it does. */
  readonly consequences: readonly Child[]
  readonly action: string
  /** Sent again with `confirmed=yes`. */
  readonly fields?: Readonly<Record<string, string>>
  readonly verb: string
  readonly cancelPath: string
  /** Asked for before it is done: a reason, a number typed again. */
  readonly children?: Child
}

/** A page before an act that cannot be taken back; a form and no more, so it needs no script. */
export const Confirm = (props: ConfirmProps) => (
  <section class="card confirm">
    <h1>{props.title}</h1>
    <ul>
      {props.consequences.map((consequence) => (
        <li>{consequence}</li>
      ))}
    </ul>
    <form action={props.action} method="post">
      <input type="hidden" name="confirmed" value="yes" />
      {Object.entries(props.fields ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {props.children}
      <p class="acts">
        <button type="submit" class="danger">
          {props.verb}
        </button>
        <a class="button" href={props.cancelPath}>
          {say(texts.cancel, props.lang)}
        </a>
      </p>
    </form>
  </section>
)

/** A text of both languages as a child. */
export const Said = ({ lang, text }: { readonly lang: Lang; readonly text: Text }) => (
  <>{text[lang]}</>
)
