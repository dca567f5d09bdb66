/** Lists: a table whose rows open, a pager by cursor, and a filter that lives in the address. */
import type { Child } from 'hono/jsx'
import { type Lang, say } from '../texts.ts'
import { address, type Query } from './api.ts'
import { PAGER_TRAIL_MAX } from './desk-limits.ts'
import { Empty, type NextStep } from './parts.tsx'
import { deskTexts as texts } from './texts.ts'

export interface Column<R> {
  readonly name: string
  readonly cell: (row: R) => Child
  readonly kind?: 'text' | 'number' | 'code' | 'time'
  /** Left out on a narrow screen. */
  readonly wideOnly?: boolean
}

export interface DataTableProps<R> {
  readonly lang: Lang
  readonly caption: string
  /** The first one names the row and holds its link. */
  readonly columns: readonly Column<R>[]
  readonly rows: readonly R[]
  /** Where a row opens; undefined opens nothing. */
  readonly href?: (row: R) => string | undefined
  /** Id by which live news find the row: of a document. */
  readonly liveId?: (row: R) => string
  /** On a narrow screen each row is a card, or the table scrolls within itself. */
  readonly narrow?: 'cards' | 'scroll'
  readonly empty?: {
    readonly title?: string
    readonly note?: string
    readonly steps?: readonly NextStep[]
  }
}

export const DataTable = <R,>(props: DataTableProps<R>) => {
  const { lang, caption, columns, rows, empty } = props
  if (rows.length === 0)
    return <Empty {...empty} title={empty?.title ?? say(texts.nothing, lang)} />
  return (
    <div class="table-scroll" data-narrow={props.narrow ?? 'cards'}>
      <table class="data" data-rows>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, kind, wideOnly }) => (
              <th scope="col" data-kind={kind} data-wide={wideOnly === true ? '' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr data-live-id={props.liveId?.(row)}>
              {columns.map((column, index) => (
                <Cell column={column} row={row} first={index === 0} href={props.href?.(row)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface CellProps<R> {
  readonly column: Column<R>
  readonly row: R
  readonly first: boolean
  readonly href: string | undefined
}

const Cell = <R,>({ column, row, first, href }: CellProps<R>) => {
  const said = column.cell(row)
  if (!first)
    return (
      <td
        data-kind={column.kind}
        data-label={column.name}
        data-wide={column.wideOnly === true ? '' : undefined}
      >
        {said}
      </td>
    )
  return (
    <th scope="row" data-kind={column.kind}>
      {href === undefined ? (
        said
      ) : (
        <a class="row-link" href={href}>
          {said}
        </a>
      )}
    </th>
  )
}

export interface PagerProps {
  readonly lang: Lang
  readonly path: string
  /** Query of the page as it is, `cursor` and `trail` within. */
  readonly query: Readonly<Record<string, string>>
  /** Cursor of the page after; null after the last. */
  readonly next: string | null | undefined
}

/**
 * Next and previous by cursor: there is no count to wait for. The cursors gone through go along in
 * the address (`trail`), so going back needs no script and no memory here.
 */
export const Pager = ({ lang, path, query, next }: PagerProps) => {
  const { cursor, trail: trailText = '', ...rest } = query
  const trail = trailText === '' ? [] : trailText.split('~').slice(-PAGER_TRAIL_MAX)
  const before = trail.at(-1)
  const hasNext = next !== null && next !== undefined
  if (cursor === undefined && !hasNext) return null
  const on = [...trail, cursor ?? ''].slice(-PAGER_TRAIL_MAX).join('~')
  return (
    <nav class="pager" aria-label={say(texts.pages, lang)}>
      {cursor === undefined ? (
        ''
      ) : (
        <>
          <a href={address(path, rest)}>{say(texts.first, lang)}</a>
          {before === undefined ? (
            ''
          ) : (
            <a
              rel="prev"
              href={address(path, { ...rest, cursor: before, trail: trail.slice(0, -1).join('~') })}
            >
              {say(texts.previous, lang)}
            </a>
          )}
        </>
      )}
      {hasNext ? (
        <a rel="next" href={address(path, { ...rest, cursor: next, trail: on })}>
          {say(texts.next, lang)}
        </a>
      ) : (
        ''
      )}
    </nav>
  )
}

export interface FilterFormProps {
  readonly lang: Lang
  readonly path: string
  /** Kept in the address beside the fields, such as the tab. */
  readonly keep?: Query
  /** Fields of `fields.tsx`. */
  readonly children: Child
}

/** A filter is a question in the address: it can be sent to somebody, and gone back to. */
export const FilterForm = ({ lang, path, keep = {}, children }: FilterFormProps) => (
  <form class="filters" action={path} method="get">
    {Object.entries(keep)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => (
        <input type="hidden" name={name} value={String(value)} />
      ))}
    {children}
    <p class="acts">
      <button type="submit">{say(texts.filter, lang)}</button>
      <a href={address(path, keep)}>{say(texts.filterReset, lang)}</a>
    </p>
  </form>
)
