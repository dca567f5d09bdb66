/**
 * A workbook of 100,000 rows from HTTP to stored, in a gateway process of its own: how long it takes,
 * how much memory the process needs, and whether every fault that was put into the workbook came
 * back at its cell. Equal texts are shared, as Excel writes them.
 */
import { createWriteStream, openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { getDeclaration } from '../../catalogue/index.ts'
import type { AnyDocument, Declaration, FieldRecord } from '../../catalogue/message.ts'
import { zones } from '../../catalogue/zones/index.ts'
import { linesOf } from '../../codec/document.ts'
import { columnsOf } from '../../codec/sheet/columns.ts'
import {
  escapeXml,
  OFFICE,
  relationsXml,
  stylesPart,
  workbookPart,
} from '../../codec/sheet/parts.ts'
import { columnName } from '../../codec/sheet/row.ts'
import { type NewPart, whole, writeZip } from '../../codec/sheet/write-zip.ts'
import { makeConsignment } from '../../sim/consignments.ts'
import { projectRoot } from '../project-root.ts'
import { type Rehearsal, startRehearsal } from '../rehearsal.ts'

export interface SheetFigures {
  readonly name: 'sheet'
  readonly database: 'postgresql' | 'embedded'
  readonly rows: number
  readonly documents: number
  readonly megabytes: number
  readonly seconds: number
  readonly rowsPerSecond: number
  readonly taken: number
  /** Faults put in, and those of them that were told at their cell. */
  readonly faults: number
  readonly faultsAtTheirCell: number
  readonly gatewayIdleMb: number | undefined
  readonly gatewayPeakMb: number | undefined
}

const ROWS = 100_000
/** Every so many documents, an amount is none. All of them fit into the JSON answer. */
const FAULT_EVERY = 100

export const benchSheet = async (server: string | undefined): Promise<SheetFigures> => {
  const folder = await mkdtemp(join(tmpdir(), 'yuguan-sheet-'))
  const rehearsal = await startRehearsal({ root: projectRoot(), server, pace: 'realistic' })
  try {
    const entry = getDeclaration('CEB311')
    const path = join(folder, 'orders.xlsx')
    const plan = planRows(rehearsal, entry)
    const source = writeZip(partsOf(entry, plan))
    await pipeline(Readable.fromWeb(source as WebStream), createWriteStream(path))
    const file = await openAsBlob(path)
    await rehearsal.start()
    const idle = await rehearsal.residentMb()
    const start = performance.now()
    const answer = await post(rehearsal, entry, file)
    const seconds = (performance.now() - start) / 1000
    const told = new Set(answer.faults.map(({ column, row }) => `${column}${row}`))
    const peak = await rehearsal.residentMb()
    return {
      name: 'sheet',
      database: server === undefined ? 'embedded' : 'postgresql',
      rows: ROWS,
      documents: plan.documents.length,
      megabytes: Math.round(file.size / 1024 / 1024),
      seconds: Math.round(seconds * 10) / 10,
      rowsPerSecond: Math.round(ROWS / seconds),
      taken: answer.taken,
      faults: plan.faulty.size,
      faultsAtTheirCell: [...plan.faulty].filter((cell) => told.has(cell)).length,
      gatewayIdleMb: idle === undefined ? undefined : Math.round(idle),
      gatewayPeakMb: peak === undefined ? undefined : Math.round(peak),
    }
  } finally {
    await rehearsal.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Answer {
  readonly taken: number
  readonly faults: readonly { readonly row: number; readonly column: string }[]
}

const post = async ({ url, cast, keys }: Rehearsal, entry: Declaration, file: Blob) => {
  const answer = await fetch(`${url}/api/v1/sheets/${entry.code}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keys.get(cast.platform.customsCode)}`,
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    },
    body: file,
  })
  const text = await answer.text()
  if (answer.status !== 207) throw new Error(`answered ${answer.status}: ${text.slice(0, 500)}`)
  // Our own gateway of this very build answers.
  return JSON.parse(text) as Answer
}

// ---- the workbook --------------------------------------------------------------------------------

interface Plan {
  readonly documents: readonly { readonly n: number; readonly lines: number }[]
  readonly make: (n: number) => AnyDocument
  /** Cells with something wrong, `O3`. */
  readonly faulty: Set<string>
}

const planRows = ({ cast }: Rehearsal, entry: Declaration): Plan => {
  const [zone] = zones
  if (zone === undefined) throw new Error('the catalogue has no zones')
  const at = new Date()
  const make = (n: number): AnyDocument =>
    makeConsignment({ n, seed: 1, zone, mode: '1210', enterprises: cast, at }).order
  const documents: { n: number; lines: number }[] = []
  for (let n = 0, rows = 0; rows < ROWS; n += 1) {
    const lines = Math.min(linesOf(entry, make(n), 'OrderList').length, ROWS - rows)
    documents.push({ n, lines })
    rows += lines
  }
  return { documents, make, faulty: new Set() }
}

type CellOf = (text: string, column: number, row: number) => string

/** Calls back for every cell, in the order of the sheet. */
function* rowsOf(entry: Declaration, plan: Plan, cellOf: CellOf): Generator<string> {
  const columns = columnsOf(entry)
  const rowXml = (row: number, texts: readonly string[]): string =>
    `<row r="${row}" spans="1:${texts.length}">${texts.map((text, i) => (text === '' ? '' : cellOf(text, i, row))).join('')}</row>`
  yield rowXml(
    1,
    columns.map(({ head }) => head),
  )
  yield rowXml(
    2,
    columns.map(({ path }) => path),
  )
  let row = 2
  for (const { n, lines } of plan.documents) {
    const document = plan.make(n)
    const isFaulty = n % FAULT_EVERY === 0
    const first = row + 1
    for (const line of linesOf(entry, document, 'OrderList').slice(0, lines)) {
      row += 1
      const texts = columns.map(({ group, name }, i) => {
        if (isFaulty && name === 'acturalPaid') {
          plan.faulty.add(`${columnName(i)}${first}`)
          return 'unpaid'
        }
        const record = group.single ? (document[group.name ?? ''] as FieldRecord) : line
        return record[name] ?? ''
      })
      yield rowXml(row, texts)
    }
  }
}

async function* partsOf(entry: Declaration, plan: Plan): AsyncGenerator<NewPart> {
  const sheet = [{ name: entry.code, state: 'visible', hasNotes: false }] as const
  const shared = 'sharedStrings'
  yield { name: '[Content_Types].xml', content: whole(contents) }
  yield {
    name: '_rels/.rels',
    content: whole(relationsXml([{ id: 'a', kind: 'officeDocument', target: 'xl/workbook.xml' }])),
  }
  yield { name: 'xl/workbook.xml', content: whole(workbookPart(sheet)) }
  const relations = [
    { id: 'rId1', kind: 'worksheet', target: 'worksheets/sheet1.xml' },
    { id: 'rId2', kind: 'styles', target: 'styles.xml' },
    { id: 'rId3', kind: shared, target: `${shared}.xml` },
  ]
  yield { name: 'xl/_rels/workbook.xml.rels', content: whole(relationsXml(relations)) }
  yield { name: 'xl/styles.xml', content: whole(stylesPart()) }
  // Equal texts share a number, as in Excel.
  const numbers = new Map<string, number>()
  const numbered: CellOf = (text, column, row) => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return `<c r="${columnName(column)}${row}" s="1" t="s"><v>${number}</v></c>`
  }
  yield {
    name: 'xl/worksheets/sheet1.xml',
    content: wrapped('worksheet', '<sheetData>', rowsOf(entry, plan, numbered), '</sheetData>'),
  }
  const texts = sharedTexts(numbers.keys())
  yield { name: `xl/${shared}.xml`, content: wrapped('sst', '', texts, '') }
}

function* sharedTexts(texts: Iterable<string>): Generator<string> {
  for (const text of texts) yield `<si><t>${escapeXml(text)}</t></si>`
}

async function* wrapped(
  root: string,
  before: string,
  rows: Iterable<string>,
  after: string,
): AsyncGenerator<string> {
  let piece = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><${root} xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}">${before}`
  for (const row of rows) {
    piece += row
    if (piece.length < 64 * 1024) continue
    yield piece
    piece = ''
  }
  yield `${piece}${after}</${root}>`
}

const MIME = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const contents = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${MIME}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${MIME}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${MIME}.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${MIME}.sharedStrings+xml"/></Types>`
