/**
 * `yuguan validate FILE…`: all faults of all documents, each with its place, what is wrong and what
 * to do. Exit code 1 when a document would be refused; warnings alone are no refusal.
 */
import { parseArgs } from 'node:util'
import { checkDocument } from '../codec/check.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import type { Environment } from './config.ts'
import { readDocuments } from './files.ts'
import { UsageError } from './usage.ts'

interface FileResult {
  readonly file: string
  readonly kind: string | null
  readonly documents: number
  readonly valid: boolean
  readonly faults: readonly Fault[]
}

export const validate = async (args: readonly string[], _env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' } },
    allowPositionals: true,
  })
  if (positionals.length === 0) throw new UsageError('没有指定文件 / no file is named')
  const results: FileResult[] = []
  for (const file of positionals) results.push(await validateFile(file))
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

const tellResult = ({ file, kind, documents, valid, faults }: FileResult): string => {
  const verdict = valid ? '合格 / valid' : '不合格 / refused'
  const head = `${file}: ${kind ?? '?'} × ${documents} ${verdict}`
  return [head, ...faults.map(tellFault)].join('\n')
}

const tellFault = ({ code, pointer, severity, text, cure }: Fault): string =>
  [
    `  ${severity === 'error' ? '✗' : '!'} ${code} ${pointer}`,
    `    ${text.zh} / ${text.en}`,
    `    → ${cure.zh} / ${cure.en}`,
  ].join('\n')
