/**
 * A workbook (ECMA-376 SpreadsheetML) up to its sheets: where its parts are, its sheets by name,
 * what its number formats mean, its shared texts. Before any row is given, every sheet that will be
 * read is run through once without being parsed: a broken or bloated one is refused before anything
 * of the workbook is handed in, and merged ranges, which the format tells after the rows, are known.
 */
import { SHEET_TABS_MAX } from '../../kernel/limits.ts'
import { Unreadable } from './faults.ts'
import { findMerges, type Range } from './merges.ts'
import type { Look, Tab } from './row.ts'
import { rowsOfSheet } from './sheet-rows.ts'
import { createStringPool, readStrings } from './string-pool.ts'
import { feedAll } from './xml-feed.ts'
import { openParts, type Parts } from './zip.ts'

/** What the style of a cell makes of a number in it. */
export interface NumberLook {
  readonly look: Look
  readonly digits: number
}

export interface SheetPart {
  readonly name: string
  /** Name of its part in the file. */
  readonly part: string
  readonly hidden: boolean
}

export interface Workbook {
  readonly parts: Parts
  readonly sheets: readonly SheetPart[]
  /** Parts of the workbook itself, by the last word of their kind: `styles`, `sharedStrings`. */
  readonly partOf: (kind: string) => string | undefined
  /** The part of the workbook. */
  readonly part: string
  readonly epoch: 1900 | 1904
}

/** Names that begin so are ours or the user's own notes: such a sheet or column is never read. */
export const NOTE_MARK = '#'
/** Head of the column, and name of the sheet, with the results of an upload. */
export const RESULT_NAME = `${NOTE_MARK}校验结果`

/** The table of contents. Throws Unreadable. */
export const openWorkbook = async (bytes: Blob): Promise<Workbook> => {
  const parts = await openParts(bytes)
  if (parts.has('EncryptedPackage')) throw new Unreadable('PASSWORD')
  if (parts.has('xl/workbook.bin')) throw new Unreadable('BINARY_WORKBOOK')
  if (!parts.has('_rels/.rels')) throw new Unreadable('NOT_A_SHEET')
  const root = (await relationsOf(parts, '')).find(({ kind }) => kind === 'officeDocument')
  if (root === undefined || !parts.has(root.target)) throw new Unreadable('NOT_A_SHEET')
  const relations = parts.has(relationsPart(root.target))
    ? await relationsOf(parts, root.target)
    : []
  const listed: { readonly name: string; readonly id: string; readonly hidden: boolean }[] = []
  let epoch: 1900 | 1904 = 1900
  let isWorkbook = false
  await feedAll(parts.read(root.target), {
    open: (name, attributes) => {
      if (name === 'workbook') isWorkbook = true
      if (name === 'workbookPr' && isTrue(attributes.date1904)) epoch = 1904
      if (name !== 'sheet') return
      const hidden = attributes.state !== undefined && attributes.state !== 'visible'
      listed.push({ name: attributes.name ?? '', id: relationId(attributes), hidden })
    },
  })
  if (!isWorkbook) throw new Unreadable('NOT_A_SHEET')
  if (listed.length > SHEET_TABS_MAX) throw new Unreadable('TOO_MANY_TABS')
  const sheets = listed.flatMap(({ name, id, hidden }) => {
    const relation = relations.find((each) => each.id === id)
    // Chart sheets and dialogs have no rows.
    return relation?.kind === 'worksheet' ? [{ name, part: relation.target, hidden }] : []
  })
  return {
    parts,
    sheets,
    epoch,
    part: root.target,
    partOf: (kind) => relations.find((each) => each.kind === kind)?.target,
  }
}

/** The sheets with rows to read; `wanted` chooses by name. Throws Unreadable. */
export const openTabs = async (
  workbook: Workbook,
  wanted: (sheet: SheetPart) => boolean,
): Promise<readonly Tab[]> => {
  const { parts, epoch } = workbook
  const chosen = workbook.sheets.filter(wanted)
  const stylesPart = workbook.partOf('styles')
  const looks = stylesPart === undefined ? [] : await readLooks(parts, stylesPart)
  const stringsPart = workbook.partOf('sharedStrings')
  const strings =
    stringsPart === undefined ? createStringPool() : await readStrings(parts.read(stringsPart))
  const tabs: Tab[] = []
  for (const { name, part } of chosen) {
    const merges: readonly Range[] = await findMerges(parts.read(part))
    const rows = () => rowsOfSheet({ bytes: parts.read(part), strings, looks, merges })
    tabs.push({ name, typed: true, epoch, rows })
  }
  return tabs
}

const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true'

/** `r:id` under whatever prefix. */
const relationId = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes).find(([name]) => /:id$/.test(name))?.[1] ?? ''

// ---- relations -----------------------------------------------------------------------------------

export interface Relation {
  readonly id: string
  /** Last word of its type, the same in both editions of the standard. */
  readonly kind: string
  /** Name of the part it leads to. */
  readonly target: string
}

/** `xl/_rels/workbook.xml.rels` for `xl/workbook.xml`. */
export const relationsPart = (part: string): string => {
  const slash = part.lastIndexOf('/') + 1
  return `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`
}

export const relationsOf = async (parts: Parts, part: string): Promise<readonly Relation[]> => {
  const found: Relation[] = []
  await feedAll(parts.read(relationsPart(part)), {
    open: (name, { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode }) => {
      if (name === 'Relationship' && mode !== 'External')
        found.push({
          id,
          kind: type.slice(type.lastIndexOf('/') + 1),
          target: resolve(part, target),
        })
    },
  })
  return found
}

/** A target is relative to its part, or absolute with a slash. */
const resolve = (part: string, target: string): string => {
  if (target.startsWith('/')) return target.slice(1)
  const steps = part.split('/').slice(0, -1)
  for (const step of target.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '.') steps.push(step)
  }
  return steps.join('/')
}

// ---- number formats ------------------------------------------------------------------------------

/** Built-in formats that show a date or a time, those of Chinese editions too (§18.8.30). */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) ||
  (id >= 27 && id <= 36) ||
  (id >= 45 && id <= 47) ||
  (id >= 50 && id <= 58)

const FORMAT_LENGTH_MAX = 255
const PLAIN: NumberLook = { look: 'plain', digits: 0 }

/** What a number format makes of a number. */
export const lookOf = (id: number, code: string | undefined): NumberLook => {
  // No program writes longer ones.
  if (code !== undefined && code.length > FORMAT_LENGTH_MAX) return PLAIN
  if (code === undefined) return isBuiltInDate(id) ? { look: 'date', digits: 0 } : PLAIN
  if (/^0{2,}$/.test(code)) return { look: 'zeros', digits: code.length }
  // Only what stands outside quotes, escapes and brackets shows the number; [h] is elapsed time.
  const bare = code
    .replace(/"[^"]*"/g, '')
    .replace(/\\./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare) ? { look: 'date', digits: 0 } : PLAIN
}

/** By the number that a cell names its style with. */
const readLooks = async (parts: Parts, part: string): Promise<readonly NumberLook[]> => {
  const codes = new Map<number, string>()
  const looks: NumberLook[] = []
  let inCells = false
  await feedAll(parts.read(part), {
    open: (name, { numFmtId = '0', formatCode = '' }) => {
      if (name === 'numFmt') codes.set(Number(numFmtId), formatCode)
      if (name === 'cellXfs') inCells = true
      if (name === 'xf' && inCells)
        looks.push(lookOf(Number(numFmtId), codes.get(Number(numFmtId))))
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return looks
}
