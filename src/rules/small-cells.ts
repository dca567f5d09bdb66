/**
 * No published figure may tell what one enterprise does. Cells that too few enterprises stand behind
 * are put together: first within a month and direction, then within the month, then within the year;
 * where they are still too few, the smallest cell that may be shown goes with them, so that nobody can
 * take it away from a sum. Nothing gets lost: all cells still add up. Pure.
 */
import { addDecimals } from '../kernel/places.ts'

/** Stands for what was put together. */
export const OTHER = 'other'

export interface Cell {
  readonly scope: string
  /** yyyyMM, or {@link OTHER}, as are the next three. */
  readonly month: string
  readonly direction: string
  readonly zone: string
  readonly mode: string
  readonly count: number
  /** CNY, plain decimal. */
  readonly amount: string
  /** Without a part of its value, whose rate is missing. */
  readonly isIncomplete: boolean
  /** Cells that were put together in it. */
  readonly cells: number
  /** By role: who they are, or null for as many as are needed. */
  readonly enterprises: ReadonlyMap<string, ReadonlySet<string> | null>
}

/** Least number of enterprises by role, of the roles that there are in a scope. */
export type Least = (scope: string) => ReadonlyMap<string, number>

export interface Shown {
  readonly cells: readonly Cell[]
  /** Scopes in which even the year is of too few: nothing of it may be shown. */
  readonly withheld: readonly string[]
}

export const withoutSmall = (cells: readonly Cell[], least: Least): Shown => {
  const merged = LEVELS.reduce((standing, level) => mergeAt(standing, level, least), cells)
  const isShown = (cell: Cell): boolean => isEnough(cell, least)
  return {
    cells: merged.filter(isShown),
    withheld: [...new Set(merged.filter((cell) => !isShown(cell)).map(({ scope }) => scope))],
  }
}

type Place = Pick<Cell, 'scope' | 'month' | 'direction' | 'zone' | 'mode'>

/** Where a cell goes that is too small, step by step. */
const LEVELS: readonly ((cell: Cell) => Place)[] = [
  ({ scope, month, direction }) => ({ scope, month, direction, zone: OTHER, mode: OTHER }),
  ({ scope, month }) => ({ scope, month, direction: OTHER, zone: OTHER, mode: OTHER }),
  ({ scope }) => ({ scope, month: OTHER, direction: OTHER, zone: OTHER, mode: OTHER }),
]

const mergeAt = (
  cells: readonly Cell[],
  level: (cell: Cell) => Place,
  least: Least,
): readonly Cell[] => {
  const groups = new Map<string, Cell[]>()
  for (const cell of cells) {
    const name = nameOf(level(cell))
    groups.set(name, [...(groups.get(name) ?? []), cell])
  }
  return [...groups.values()].flatMap((group) => {
    const small = group.filter((cell) => !isEnough(cell, least))
    const [first] = small
    if (first === undefined) return group
    const place = level(first)
    const shown = group.filter((cell) => isEnough(cell, least)).sort(bySize)
    const merged = together(place, small, least)
    const [smallest, ...others] = shown
    return isEnough(merged, least) || smallest === undefined
      ? [...shown, merged]
      : [...others, together(place, [...small, smallest], least)]
  })
}

const nameOf = ({ scope, month, direction, zone, mode }: Place): string =>
  [scope, month, direction, zone, mode].join('/')

const bySize = (a: Cell, b: Cell): number => a.count - b.count || (nameOf(a) < nameOf(b) ? -1 : 1)

/** Whoever is behind no cell in a role is nobody: none are too few as well. */
const isEnough = (cell: Cell, least: Least): boolean =>
  [...least(cell.scope).keys()].every((role) => cell.enterprises.get(role) === null)

const together = (place: Place, cells: readonly Cell[], least: Least): Cell => ({
  ...place,
  count: cells.reduce((sum, { count }) => sum + count, 0),
  amount: addDecimals(cells.map(({ amount }) => amount)),
  isIncomplete: cells.some(({ isIncomplete }) => isIncomplete),
  cells: cells.reduce((sum, each) => sum + each.cells, 0),
  enterprises: new Map(
    [...least(place.scope)].map(([role, needed]) => {
      const parts = cells.map(({ enterprises }) => enterprises.get(role))
      if (parts.some((part) => part === null)) return [role, null]
      const all = new Set(parts.flatMap((part) => [...(part ?? [])]))
      return [role, all.size >= needed ? null : all]
    }),
  ),
})
