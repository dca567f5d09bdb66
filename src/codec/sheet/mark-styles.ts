/**
 * Styles of a workbook that gets marks. A cell keeps its own style but for the fill: for each style
 * that a marked cell has, a copy with the mark's fill is added. A cell that was marked by an earlier
 * answer and is right now gets a copy without fill; what it had before nobody knows.
 */
import type { Mark } from './marks.ts'
import { escapeXml, MARK_FILLS } from './parts.ts'
import type { CopyVisitor, Tag } from './xml-copy.ts'
import { type Attributes, feedAll } from './xml-feed.ts'
import type { Parts } from './zip.ts'

export interface Styler {
  /** The style like `base` with the mark's fill. */
  marked(base: number, mark: Mark): number
  /** The style like `base` without a fill of ours. */
  unmarked(base: number): number
  /** Adds all that was asked for to the part of styles. */
  visitor(): CopyVisitor
}

interface Known {
  readonly fillCount: number
  /** Fills of earlier marks. */
  readonly markFills: ReadonlySet<number>
  /** Attributes and content of each cell style. */
  readonly cells: readonly { readonly attributes: Attributes; readonly inner: string }[]
}

/** Without a part of styles nothing is filled. */
export const createStyler = async (parts: Parts, part: string | undefined): Promise<Styler> => {
  if (part === undefined)
    return { marked: (base) => base, unmarked: (base) => base, visitor: () => ({}) }
  const known = await readStyles(parts, part)
  const added: { readonly base: number; readonly fill: number }[] = []
  const places = new Map<string, number>()
  const styleWith = (base: number, fill: number): number => {
    const key = `${base}/${fill}`
    const place = places.get(key) ?? known.cells.length + added.length
    if (!places.has(key)) added.push({ base, fill })
    places.set(key, place)
    return place
  }
  const fillOf = (mark: Mark): number => known.fillCount + MARKS.indexOf(mark)
  return {
    marked: (base, mark) => styleWith(base, fillOf(mark)),
    unmarked: (base) => {
      const fill = Number(known.cells[base]?.attributes.fillId ?? 0)
      return known.markFills.has(fill) ? styleWith(base, 0) : base
    },
    visitor: () => ({
      open: ({ name, attributes }) => {
        if (name === 'fills')
          return { ...attributes, count: String(known.fillCount + MARKS.length) }
        if (name !== 'cellXfs') return undefined
        return { ...attributes, count: String(known.cells.length + added.length) }
      },
      inside: (tag) => {
        if (tag.name === 'fills') return MARKS.map((mark) => fillXml(tag, mark)).join('')
        if (tag.name !== 'cellXfs') return ''
        return added.map(({ base, fill }) => styleXml(tag, known, base, fill)).join('')
      },
    }),
  }
}

const MARKS = ['error', 'warning'] as const satisfies readonly Mark[]

const fillXml = ({ prefix }: Tag, mark: Mark): string =>
  `<${prefix}fill><${prefix}patternFill patternType="solid"><${prefix}fgColor rgb="${MARK_FILLS[mark]}"/><${prefix}bgColor indexed="64"/></${prefix}patternFill></${prefix}fill>`

const styleXml = ({ prefix }: Tag, known: Known, base: number, fill: number): string => {
  const { attributes, inner } = known.cells[base] ?? { attributes: {}, inner: '' }
  const all = { ...attributes, fillId: String(fill), applyFill: fill === 0 ? '0' : '1' }
  return `<${prefix}xf${attributesXml(all)}>${inner}</${prefix}xf>`
}

const attributesXml = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('')

const readStyles = async (parts: Parts, part: string): Promise<Known> => {
  const cells: { attributes: Attributes; inner: string }[] = []
  const markFills = new Set<number>()
  const marks: readonly string[] = Object.values(MARK_FILLS)
  let fillCount = 0
  let within: 'fills' | 'cellXfs' | undefined
  await feedAll(parts.read(part), {
    open: (name, attributes, tag) => {
      if (name === 'fills' || name === 'cellXfs') within = name
      else if (within === 'fills' && name === 'fill') fillCount += 1
      else if (within === 'fills' && name === 'fgColor' && marks.includes(attributes.rgb ?? ''))
        markFills.add(fillCount - 1)
      else if (within === 'cellXfs' && name === 'xf') cells.push({ attributes, inner: '' })
      // Alignment and protection, which hold nothing themselves.
      else if (within === 'cellXfs' && name !== 'extLst' && name !== 'ext') {
        const last = cells.at(-1)
        if (last !== undefined) last.inner += `<${tag.name}${attributesXml(attributes)}/>`
      }
    },
    close: (name) => {
      if (name === within) within = undefined
    },
  })
  return { fillCount, markFills, cells }
}
