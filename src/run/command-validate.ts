/**
 * `yuguan validate FILE…`: all faults of all documents, each with its place, what is wrong and what
 * to do. Exit code 1 when a document would be refused; warnings alone are no refusal. Takes messages
 * (XML), documents (JSON) and sheets (XLSX, CSV).
 */
import { parseArgs } from 'node:util'
import { checkDocument } from '../codec/check.ts'
import type { SheetFault } from '../codec/sheet/read.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import type { Environment } from './config.ts'
import { readDocuments } from './files.ts'
import { checkSheetFile, isSheetFile, type SheetFileOptions } from './sheet-file.ts'
import { UsageError } from './usage.ts'

interface FileResult {
  readonly file: string
  readonly kind: string | null
  readonly documents: number
  readonly valid: boolean
  /** Of a sheet the first of so many as `errors` and `warnings` say. */
  readonly faults: readonly (Fault | SheetFault)[]
  readonly errors?: number
  readonly warnings?: number
}

export const validate = async (args: readonly string[], _env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean' },
      kind: { type: 'string' },
      marked: { type: 'string' },
    },
    allowPositionals: true,
  })
  if (positionals.length === 0) throw new UsageError('没有指定文件 / no file is named')
  const { kind, marked } = values
  if (marked !== undefined && positionals.length > 1)
    throw new UsageError('--marked 只用于一个文件 / --marked goes with one file')
  const results: FileResult[] = []
  for (const file of positionals)
    results.push(
      (await isSheetFile(file))
        ? await validateSheet(file, { kind, marked })
        : await validateFile(file),
    )
  if (values.json === true) console.log(JSON.stringify(results, null, 2))
  else for (const result of results) console.log(tellResult(result))
  return results.every((result) => result.valid) ? 0 : 1
}

const validateFile = async (file: string): Promise<FileResult> => {
  const read = await readDocuments(file)
  if (read.kind === 'unreadable') {
    return { file, kind: null, documents: 0, valid: false, faults: read.faults }
  }
  const { entry, documents } = read
  const faults = [
    ...read.faults,
    ...documents.flatMap(({ document, faults: found }, index) =>
      [...found, ...checkDocument(entry, document).faults].map((fault) => ({
        ...fault,
        pointer: `/${entry.node}/${index}${fault.pointer}`,
      })),
    ),
  ]
  return {
    file,
    kind: entry.code,
    documents: documents.length,
    valid: !refuses(faults),
    faults,
  }
}

const validateSheet = async (file: string, options: SheetFileOptions): Promise<FileResult> => {
  const { sheets, taken, refused, errors, warnings, faults } = await checkSheetFile(file, options)
  const kinds = [...new Set(sheets.flatMap(({ kind }) => kind ?? []))]
  return {
    file,
    kind: kinds.length === 0 ? null : kinds.join(','),
    documents: taken + refused,
    valid: errors === 0,
    ...{ errors, warnings, faults },
  }
}

const tellResult = (result: FileResult): string => {
  const { file, kind, documents, valid, faults, errors = 0, warnings = 0 } = result
  const verdict = valid ? '合格 / valid' : '不合格 / refused'
  const head = `${file}: ${kind ?? '?'} × ${documents} ${verdict}`
  const untold = errors + warnings - faults.length
  const rest = untold > 0 ? [`  … 另有 ${untold} 处 / and ${untold} more`] : []
  return [head, ...faults.map(tellFault), ...rest].join('\n')
}

const tellFault = (fault: Fault | SheetFault): string => {
  const { code, severity, text, cure } = fault
  return [
    `  ${severity === 'error' ? '✗' : '!'} ${code} ${placeOf(fault)}`,
    `    ${text.zh} / ${text.en}`,
    `    → ${cure.zh} / ${cure.en}`,
  ].join('\n')
}

/** The cell of a sheet as formulas name it, otherwise the pointer into the document. */
const placeOf = (fault: Fault | SheetFault): string =>
  'sheet' in fault ? `${fault.sheet ?? ''}!${fault.column ?? ''}${fault.row ?? ''}` : fault.pointer
