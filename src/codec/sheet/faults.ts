/**
 * What can be wrong with an uploaded sheet beside its documents, in one table: with the file, its
 * heads and its cells. Codes are `SHEET-<word>` for the file and `<kind>-<field>-<word>` for a cell;
 * a word may be retired and is never used again. Texts never repeat what stands in a cell.
 */
import type { Fault } from '../../kernel/fault.ts'
import {
  SHEET_CELL_LENGTH_MAX,
  SHEET_COLUMNS_MAX,
  SHEET_INFLATED_BYTES_MAX,
  SHEET_MERGES_MAX,
  SHEET_PARTS_MAX,
  SHEET_RATIO_MAX,
  SHEET_ROWS_MAX,
  SHEET_STRINGS_MAX,
  SHEET_TABS_MAX,
} from '../../kernel/limits.ts'
import type { Subject } from '../texts.ts'

type Told = readonly [
  zh: string,
  en: string,
  cureZh: string,
  cureEn: string,
  severity?: Fault['severity'],
]

const MIB = 1024 * 1024

/** The file as a whole. */
const fileTexts = {
  EMPTY: ['文件为空', 'The file is empty', '选择有内容的文件', 'Choose a file with content'],
  NO_FILE: [
    '表单中没有文件',
    'The form has no file',
    '以 file 字段上传一个文件',
    'Upload one file in the field "file"',
  ],
  MANY_FILES: [
    '一次只能上传一个文件',
    'Only one file can be uploaded at a time',
    '把多种单证放在同一工作簿的不同工作表，或分次上传',
    'Put several kinds on sheets of one workbook, or upload one after the other',
  ],
  FORM_BROKEN: [
    'multipart 表单无法读取',
    'The multipart form cannot be read',
    '检查 boundary 和表单是否完整',
    'Check the boundary, and that the form is complete',
  ],
  PASSWORD: [
    '工作簿有密码保护，无法读取',
    'The workbook is protected by a password',
    '在 Excel 中取消密码（文件→信息→保护工作簿）后重新上传',
    'Take the password off (File, Info, Protect Workbook) and upload again',
  ],
  OLD_WORKBOOK: [
    '这是旧版 .xls 工作簿',
    'This is a workbook of the old .xls format',
    '另存为 .xlsx 后重新上传',
    'Save it as .xlsx and upload again',
  ],
  BINARY_WORKBOOK: [
    '这是二进制工作簿 .xlsb',
    'This is a binary workbook (.xlsb)',
    '另存为 .xlsx 后重新上传',
    'Save it as .xlsx and upload again',
  ],
  NOT_A_SHEET: [
    '既不是 .xlsx 工作簿，也不是 CSV 文本',
    'This is neither an .xlsx workbook nor CSV text',
    '上传 .xlsx 或 .csv 文件',
    'Upload an .xlsx or .csv file',
  ],
  BROKEN: [
    '工作簿已损坏，从此处起无法读取',
    'The workbook is broken and cannot be read from here on',
    '在 Excel 或 WPS 中打开修复后另存，再重新上传',
    'Open and repair it in a spreadsheet program, save it and upload again',
  ],
  TOO_BIG_INSIDE: [
    `工作簿解压后超过 ${SHEET_INFLATED_BYTES_MAX / MIB} MiB`,
    `The workbook inflates to more than ${SHEET_INFLATED_BYTES_MAX / MIB} MiB`,
    '拆分成多个文件；删除无用的格式和工作表',
    'Split it; remove formats and sheets that nobody needs',
  ],
  TOO_COMPRESSED: [
    `工作簿的某部分压缩率超过 ${SHEET_RATIO_MAX} 倍，疑似压缩炸弹`,
    `A part of the workbook inflates more than ${SHEET_RATIO_MAX} times, as a zip bomb does`,
    '在 Excel 或 WPS 中另存为新文件后重新上传',
    'Save it as a new file in a spreadsheet program and upload that',
  ],
  TOO_MANY_PARTS: [
    `工作簿含有超过 ${SHEET_PARTS_MAX} 个部件`,
    `The workbook has more than ${SHEET_PARTS_MAX} parts`,
    '删除图片和多余的工作表',
    'Remove pictures and sheets that nobody needs',
  ],
  TOO_MANY_STRINGS: [
    `工作簿的文本过多（超过 ${SHEET_STRINGS_MAX} 条或总长过大）`,
    `The workbook has too many texts (more than ${SHEET_STRINGS_MAX}, or too long in all)`,
    '拆分成多个文件',
    'Split it into several files',
  ],
  TOO_MANY_TABS: [
    `工作表超过 ${SHEET_TABS_MAX} 个`,
    `There are more than ${SHEET_TABS_MAX} sheets`,
    '拆分成多个文件',
    'Split it into several files',
  ],
  TOO_MANY_ROWS: [
    `超过 ${SHEET_ROWS_MAX} 行，从此行起没有读取`,
    `There are more than ${SHEET_ROWS_MAX} rows; from this one on nothing was read`,
    '把其余的行另行上传',
    'Upload the remaining rows by themselves',
  ],
  TOO_MANY_COLUMNS: [
    `该行超过 ${SHEET_COLUMNS_MAX} 列`,
    `The row has more than ${SHEET_COLUMNS_MAX} columns`,
    '删除多余的列',
    'Remove the columns that nobody needs',
  ],
  TOO_MANY_MERGES: [
    `合并单元格超过 ${SHEET_MERGES_MAX} 处`,
    `There are more than ${SHEET_MERGES_MAX} merged ranges`,
    '取消合并后重新上传',
    'Unmerge the cells and upload again',
  ],
  CELL_TOO_LONG: [
    `单元格超过 ${SHEET_CELL_LENGTH_MAX} 个字符，从此行起无法读取`,
    `A cell has more than ${SHEET_CELL_LENGTH_MAX} characters; nothing can be read from here on`,
    '缩短该单元格；CSV 请检查是否漏了引号或换行',
    'Shorten it; in a CSV, look for a missing quote or line break',
  ],
  TOO_LONG: [
    '文件过长，从此处起没有读取',
    'The file is too long; from here on nothing was read',
    '拆分成多个文件',
    'Split it into several files',
  ],
  ENCODING: [
    '文本既不是 UTF-8 也不是 GB18030，从此行起无法读取',
    'The text is neither UTF-8 nor GB18030; from this row on it cannot be read',
    '以“CSV UTF-8”格式另存后重新上传',
    'Save it as "CSV UTF-8" and upload again',
  ],
  ENCODING_MIXED: [
    '文本前半为 UTF-8，从此行起不是，无法读取',
    'The text began as UTF-8 and is something else from this row on',
    '不要拼接不同编码的文件；以“CSV UTF-8”另存后重新上传',
    'Do not join files of different encodings; save it as "CSV UTF-8" and upload again',
  ],
  ENCODING_DECLARED: [
    '声明为 UTF-8，实际是 GB18030，已按 GB18030 读取',
    'It was declared as UTF-8 and is GB18030; it was read as GB18030',
    '核对中文是否正确；以“CSV UTF-8”另存可免此提示',
    'See that the Chinese is right; saved as "CSV UTF-8" it needs no such guess',
    'warning',
  ],
  QUOTES: [
    'CSV 引号不成对，从此行起无法读取',
    'The quotes of the CSV do not match; from this row on it cannot be read',
    '含逗号、引号或换行的单元格整体加双引号，内部的双引号写两个',
    'Put quotes around cells with commas, quotes or line breaks, and double the quotes inside',
  ],
  INCOMPLETE: [
    '文件从后面某行起无法读取，这份单证可能不完整，没有提交',
    'The file cannot be read from a later row on; this document may lack lines and was not handed in',
    '更正该处后重新上传',
    'Mend that place and upload again',
  ],
  NO_DOCUMENTS: [
    '没有可读取的单证',
    'There are no documents in it',
    '从表头之后的第一行开始填写；名称以 # 开头的工作表不读取',
    'Fill in rows below the heads; sheets whose names begin with # are not read',
  ],
  TAB_HIDDEN: [
    '隐藏的工作表没有读取',
    'A hidden sheet was not read',
    '需要提交时取消隐藏',
    'Unhide it if it shall be handed in',
    'warning',
  ],
  KIND_UNKNOWN: [
    '不知道这个工作表是哪种单证',
    'It is not known which kind of document this sheet holds',
    '工作表名称以单证代码开头，例如 CEB311；回执不能提交',
    'Begin the name of the sheet with the code of its kind, such as CEB311; replies cannot be handed in',
  ],
  HEADS_MISSING: [
    '第一个非空行不是表头',
    'The first row that is not blank has no heads',
    '用模板的表头行：中文列名，或字段名（如 OrderHead.orderNo），或两行都有',
    'Use the heads of the template: Chinese names, wire names such as OrderHead.orderNo, or both rows',
  ],
  COLUMN_UNKNOWN: [
    '此列的表头不是该单证的字段{near}',
    'The head of this column is no field of this kind{near}',
    '改用模板的列名；不想提交的列，表头以 # 开头',
    'Use the name of the template; let the head begin with # to leave the column out',
  ],
  COLUMN_AMBIGUOUS: [
    '此列的表头在表头和表体中都有',
    'The head of this column stands for a field of the head and one of the lines',
    '写全字段名，例如 OrderList.note，或用模板的列名',
    'Write the whole name, such as OrderList.note, or use the name of the template',
  ],
  COLUMN_TWICE: [
    '同一字段出现了两列',
    'The same field has two columns',
    '只保留一列',
    'Keep one of them',
  ],
  HEADS_DIFFER: [
    '两行表头所指的字段不同',
    'The two rows of heads name different fields',
    '两行表头须一致；以字段名行为准，复制模板的表头最稳妥',
    'Make both rows agree; copy the heads of the template',
  ],
  NO_HEAD: [
    '此列没有表头，其中的内容没有读取',
    'This column has no head; what stands in it was not read',
    '补上表头，或清空该列',
    'Give it a head, or clear the column',
    'warning',
  ],
} as const satisfies Readonly<Record<string, Told>>

/** One column or cell; `{label}` is the field. */
const cellTexts = {
  COLUMN_MISSING: [
    '缺少必填列：{label}',
    'A required column is missing: {label}',
    '补上该列：{format}；可从模板复制表头',
    'Add it: {format}; copy its head from the template',
  ],
  NO_CACHED_VALUE: [
    '{label}是公式，但文件中没有它的计算结果',
    '{label} is a formula, and the file does not hold its result',
    '在 Excel 中打开并保存一次，或复制后“选择性粘贴→数值”',
    'Open and save it once in a spreadsheet program, or paste it as values',
  ],
  ERROR_VALUE: [
    '{label}是错误值（如 #N/A、#REF!）',
    '{label} holds an error such as #N/A or #REF!',
    '更正公式或填写实际值',
    'Correct the formula or fill in the value',
  ],
  BOOLEAN: [
    '{label}是逻辑值 TRUE/FALSE',
    '{label} holds TRUE or FALSE',
    '填写：{format}',
    'Give {format}',
  ],
  COVERED: [
    '{label}被左右合并的单元格覆盖，无法判断其值',
    '{label} is covered by a cell merged across columns; its value is not clear',
    '取消合并，逐格填写',
    'Unmerge the cells and fill in each of them',
  ],
  LOST_ZEROS: [
    '{label}位数不足，前导零可能被 Excel 去掉了：{format}',
    '{label} is too short; a spreadsheet program may have taken off its leading zeros: {format}',
    '把该列设为“文本”格式后重新填写完整代码',
    'Format the column as text, then fill in the whole code again',
  ],
  ZEROS_RESTORED: [
    '{label}的前导零被 Excel 去掉了，已按代码表补回',
    '{label} had lost its leading zeros; they were put back after the code list',
    '核对该值；把该列设为“文本”格式可免此提示',
    'See that it is right; a column formatted as text keeps its zeros',
    'warning',
  ],
  NUMBER_IN_TEXT: [
    '{label}是数字格式；如原有前导零，已经丢失',
    '{label} is stored as a number; leading zeros it may have had are lost',
    '核对该值；把该列设为“文本”格式后填写可免此提示',
    'See that it is right; a column formatted as text keeps every digit',
    'warning',
  ],
  LOST_DIGITS: [
    '{label}超过 15 位而存为数字，末尾的数字已丢失',
    '{label} has more than 15 digits and is stored as a number: its last digits are lost',
    '把该列设为“文本”格式后重新填写完整号码',
    'Format the column as text, then fill in the whole number again',
  ],
  DATE_IN_TEXT: [
    '{label}被 Excel 当成了日期，原来的文字已丢失',
    '{label} was taken for a date by the spreadsheet program; its text is lost',
    '把该列设为“文本”格式后重新填写',
    'Format the column as text and fill it in again',
  ],
  CONFLICT: [
    '{label}与同一单证首行的值不同',
    '{label} differs from the first row of the same document',
    '同一单证各行的表头字段须一致，或只在首行填写',
    'Repeat the same value on all rows of a document, or fill in the first one only',
  ],
  NOT_TOGETHER: [
    '同一单证的行不相邻：前面已有{label}相同的单证',
    'The rows of one document do not stand together: {label} came before',
    '按单证编号排序，使同一单证的行相邻',
    'Sort by the number of the document, so that its rows follow each other',
  ],
} as const satisfies Readonly<Record<string, Told>>

export type FileWhat = keyof typeof fileTexts
export type CellWhat = keyof typeof cellTexts

const make = (code: string, pointer: string, told: Told, subject: Subject | undefined): Fault => {
  const fill = (text: string, language: 'zh' | 'en'): string =>
    text.replace(/\{(label|format|near)\}/g, (_, word: 'label' | 'format' | 'near') => {
      if (word !== 'near') return subject?.[word]?.[language] ?? ''
      const near = subject?.near
      if (near === undefined) return ''
      return language === 'zh' ? `，可能是 ${near}` : `; perhaps ${near} is meant`
    })
  return {
    code,
    pointer,
    severity: told[4] ?? 'error',
    text: { zh: fill(told[0], 'zh'), en: fill(told[1], 'en') },
    cure: { zh: fill(told[2], 'zh'), en: fill(told[3], 'en') },
  }
}

/** A fault of the file, a sheet or a head; where it stands is told beside it. */
export const fileFault = (what: FileWhat, near?: string): Fault =>
  make(
    `SHEET-${what}`,
    '',
    fileTexts[what],
    near === undefined ? undefined : { label: { zh: '', en: '' }, near },
  )

/** A fault of one cell; `code` is `CEB311-orderNo`. */
export const cellFault = (what: CellWhat, code: string, pointer: string, subject: Subject): Fault =>
  make(`${code}-${what}`, pointer, cellTexts[what], subject)

/**
 * Ends the reading of a file: thrown inside the readers only, and turned into a fault where they are
 * called. The row is that of the sheet, counted from 1.
 */
export class Unreadable extends Error {
  readonly what: FileWhat
  readonly row: number | undefined

  constructor(what: FileWhat, row?: number) {
    super(what)
    this.what = what
    this.row = row
  }
}
