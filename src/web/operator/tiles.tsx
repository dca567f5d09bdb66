/** Tiles: one figure each, with what it means and where it leads; told by a mark and words, not by colour alone. */
import { groupMarks } from '../desk/texts.ts'

export type Tone = 'good' | 'wait' | 'bad'

export interface TileProps {
  readonly href: string
  readonly name: string
  readonly value: string
  readonly note?: string | undefined
  readonly tone: Tone
}

const MARKS: Readonly<Record<Tone, string>> = {
  good: groupMarks.done,
  wait: groupMarks['action-needed'],
  bad: groupMarks.refused,
}

export const Tile = ({ href, name, value, note, tone }: TileProps) => (
  <a class="tile" href={href} data-tone={tone}>
    <span class="tile-name">
      <span class="tile-mark" aria-hidden="true">
        {MARKS[tone]}
      </span>{' '}
      {name}
    </span>
    <strong class="tile-value">{value}</strong>
    {note === undefined ? '' : <span class="tile-note">{note}</span>}
  </a>
)

/** Those that ask for something come first, the others after them, each in its own order. */
export const Tiles = ({ tiles }: { readonly tiles: readonly TileProps[] }) => (
  <ul class="tiles">
    {[...tiles.filter(isLoud), ...tiles.filter((tile) => !isLoud(tile))].map((tile) => (
      <li>
        <Tile {...tile} />
      </li>
    ))}
  </ul>
)

const isLoud = ({ tone }: TileProps): boolean => tone !== 'good'

/** How a link, a stage or a signer stands, as a badge like those of documents. */
export const Standing = ({ tone, text }: { readonly tone: Tone; readonly text: string }) => (
  <span class="state" data-group={GROUPS[tone]}>
    <span aria-hidden="true">{MARKS[tone]}</span>
    <span>{text}</span>
  </span>
)

const GROUPS = { good: 'done', wait: 'action-needed', bad: 'refused' } as const
