/**
 * The template of one kind or several: a sheet each, with Chinese heads for people, wire names for
 * the reader, notes at the heads and drop-down lists; a sheet of explanations, and a hidden one with
 * the lists. All of it comes from the catalogue entry.
 */
import { codeOf, codesFor, findCodeList } from '../../catalogue/code-lists/index.ts'
import type { FieldRecord, SheetEntry } from '../../catalogue/message.ts'
import { SHEET_BYTES_MAX, SHEET_ROWS_MAX } from '../../kernel/limits.ts'
import { linesOf } from '../document.ts'
import { exampleOf } from '../example.ts'
import { formatOf } from '../rule.ts'
import { columnsOf, offerOf, type SheetColumn } from './columns.ts'
import type { Note, StyleName } from './parts.ts'
import { columnName } from './row.ts'
import { NOTE_MARK } from './workbook.ts'
import { type DropDown, type NewRow, type NewSheet, sheetName, writeWorkbook } from './write.ts'

const LISTS_SHEET = `${NOTE_MARK}码表`
const NOTES_SHEET = `${NOTE_MARK}说明`
const AUTHOR = '渝关'
const HEAD_ROWS = 2

/** An .xlsx file; `on` is the day (yyyyMMdd) whose codes are offered. */
export const writeTemplate = (
  entries: readonly SheetEntry[],
  on: string,
): ReadableStream<Uint8Array> => {
  const lists = createLists(on)
  const sheets = entries.map((entry) => entrySheet(entry, lists))
  return writeWorkbook([...sheets, notesSheet(entries), lists.sheet()])
}

const entrySheet = (entry: SheetEntry, lists: Lists): NewSheet => {
  const columns = columnsOf(entry)
  const row = (number: number, cellOf: (column: SheetColumn) => string, style?: StyleName) => ({
    number,
    cells: columns.map((column, i) => ({
      ...{ column: i, text: cellOf(column) },
      style: style ?? headStyle(column),
    })),
  })
  return {
    name: sheetName(`${entry.code} ${entry.zh}`),
    frozenRows: HEAD_ROWS,
    columns: columns.map(({ field, head }) => ({
      width: Math.min(40, Math.max(10, head.length * 2 + 2, (field.length ?? 0) + 2)),
      // Codes and numbers of things must keep their zeros; amounts shall be added up.
      style: field.kind === 'text' ? 'text' : 'plain',
    })),
    rows: [
      { ...row(1, ({ head, ...column }) => (isNeeded(column) ? `${head}*` : head)), height: 33 },
      row(2, ({ path }) => path, 'path'),
    ],
    dropDowns: columns.flatMap((column, i) => lists.dropDown(entry, column, i)),
    notes: columns.map((column, i) => headNote(column, i)),
  }
}

const isNeeded = ({ rule, isFilled }: Pick<SheetColumn, 'rule' | 'isFilled'>): boolean =>
  rule.required && !isFilled

const headStyle = (column: SheetColumn): StyleName => (isNeeded(column) ? 'needed' : 'optional')

const headNote = (column: SheetColumn, i: number): Note => ({
  ...{ reference: `${columnName(i)}1`, row: 1, column: i, author: AUTHOR },
  text: [
    `${column.group.zh}·${column.field.zh}`,
    needText(column),
    formatOf(column.field).zh,
    ...(column.field.note === undefined ? [] : [column.field.note]),
  ].join('\n'),
})

const needText = ({ rule, isFilled, field }: SheetColumn): string => {
  if (isFilled) return '可留空，由系统填写'
  if (rule.required) return '必填'
  const { when } = rule.subject
  if (when !== undefined) return `${when.zh}时必填`
  return field.list === undefined ? '可空' : '可空；填代码'
}

// ---- drop-down lists -----------------------------------------------------------------------------

interface Lists {
  dropDown(entry: SheetEntry, column: SheetColumn, place: number): readonly DropDown[]
  /** The hidden sheet with all lists that were asked for. */
  sheet(): NewSheet
}

const createLists = (on: string): Lists => {
  const lists: (readonly string[])[] = []
  const places = new Map<string, string>()
  return {
    dropDown: (entry, column, place) => {
      const offers = offersOf(entry, column, on)
      if (offers.length === 0) return []
      const key = offers.join('\n')
      const name = columnName(places.size)
      const formula = places.get(key) ?? `'${LISTS_SHEET}'!$${name}$1:$${name}$${offers.length}`
      if (!places.has(key)) lists.push(offers)
      places.set(key, formula)
      const { head, field } = column
      const prompt = `可从列表选择，也可只填代码。${formatOf(field).zh}`
      return [{ column: place, fromRow: HEAD_ROWS + 1, formula, title: head, prompt }]
    },
    sheet: () => ({
      ...{ name: LISTS_SHEET, state: 'veryHidden' },
      columns: lists.map(() => ({ width: 30, style: 'text' })),
      rows: listRows(lists),
    }),
  }
}

const offersOf = (
  { direction }: SheetEntry,
  column: SheetColumn,
  on: string,
): readonly string[] => {
  const { field } = column
  const list = field.list === undefined ? undefined : findCodeList(field.list)
  if (field.values !== undefined || field.fixed !== undefined || list === undefined)
    return [...(column.codes ?? [])].map(([code, meaning]) => offerOf(code, meaning))
  return codesFor(list, direction)
    .rows.filter(({ code }) => codeOf(list, code, on) !== undefined)
    .map(({ code, zh }) => offerOf(code, zh))
}

/** Each list down a column of its own. */
function* listRows(lists: readonly (readonly string[])[]): Generator<NewRow> {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  for (let i = 0; i < longest; i += 1)
    yield {
      number: i + 1,
      cells: lists.flatMap((list, column) => {
        const text = list[i]
        return text === undefined ? [] : [{ column, text, style: 'text' as const }]
      }),
    }
}

// ---- explanations --------------------------------------------------------------------------------

const RULES = [
  '每行一项表体；同一单证的行须相邻。表头各列可在每行重复，也可只填首行、其余留空。',
  '关键字段（单证编号等）与上一行不同时，开始一份新的单证；没有表体的单证每行一份。',
  '系统唯一序号、报送类型、报送时间、业务状态可留空：系统填写新的大写 UUID、1（新增）、当前北京时间、2（申报）。',
  '第一行是中文列名，第二行是字段名；读取时以第二行为准。可删除不用的列，可调整列的顺序，也可只保留其中一行。',
  '列名带 * 为必填。列名或工作表名以 # 开头的不读取，可用于自己的备注；隐藏的工作表也不读取。',
  '有下拉列表的列可选择“代码 名称”，也可只填代码。',
  '代码、编号、证件号码、电话请保持“文本”格式，否则前导零和第 15 位以后的数字会丢失。',
  '日期时间写 yyyyMMddHHmmss（北京时间），也可用 Excel 的日期格式或 2026-07-01 09:30:00。',
  '公式按文件中保存的计算结果读取；没有结果的公式不接收。',
  `一个文件可含多张工作表、多种单证，工作表名以单证代码开头；最多 ${SHEET_ROWS_MAX} 行、${SHEET_BYTES_MAX / 1024 / 1024} MiB。`,
  '上传后可取回同一工作簿，出错的单元格已标出；更正后可整份重新上传，已接收且未改动的单证不会重复。',
] as const

const TABLE = ['列名', '字段', '必填', '格式', '示例', '说明'] as const

const notesSheet = (entries: readonly SheetEntry[]): NewSheet => ({
  name: NOTES_SHEET,
  columns: [26, 34, 24, 48, 40, 80].map((width) => ({ width, style: 'wrapped' })),
  rows: noteRows(entries),
})

function* noteRows(entries: readonly SheetEntry[]): Generator<NewRow> {
  let number = 0
  const row = (texts: readonly string[], style: StyleName): NewRow => {
    number += 1
    return { number, cells: texts.map((text, column) => ({ column, text, style })) }
  }
  yield row(['填写说明'], 'title')
  for (const rule of RULES) yield row([rule], 'plain')
  for (const entry of entries) {
    number += 1
    yield row([`${entry.code} ${entry.zh} / ${entry.en}`], 'bold')
    yield row([`关键字段：${keyText(entry)}`], 'plain')
    yield row(TABLE, 'bold')
    const example = exampleValues(entry)
    for (const column of columnsOf(entry)) {
      const { head, path, field } = column
      const value = example(column)
      yield row(
        [head, path, needText(column), formatOf(field).zh, value, field.note ?? ''],
        'wrapped',
      )
    }
  }
}

const keyText = (entry: SheetEntry): string =>
  entry.key
    .map((name) => columnsOf(entry).find((column) => column.name === name)?.head ?? name)
    .join('、')

/** Values of the catalogue's example; its numbers and names are nobody's. */
const exampleValues = (entry: SheetEntry): ((column: SheetColumn) => string) => {
  const document = exampleOf(entry)
  return ({ group, name }) => {
    const record: FieldRecord | undefined =
      group.name === undefined ? (document as FieldRecord) : linesOf(entry, document, group.name)[0]
    return record?.[name] ?? ''
  }
}
