/** `yuguan parse FILE.xml`: the documents of a message as JSON, in the form the interface takes. */
import { parseArgs } from 'node:util'
import { refuses } from '../kernel/fault.ts'
import type { Environment } from './config.ts'
import { readDocuments } from './files.ts'
import { UsageError } from './usage.ts'

export const parse = async (args: readonly string[], _env: Environment): Promise<number> => {
  const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) {
    throw new UsageError('须指定一个文件 / name one file')
  }
  const read = await readDocuments(file)
  if (read.kind === 'unreadable') {
    console.error(JSON.stringify({ faults: read.faults }, null, 2))
    return 1
  }
  const faults = [...read.faults, ...read.documents.flatMap((item) => item.faults)]
  const documents = read.documents.map(({ document }) => document)
  console.log(JSON.stringify({ kind: read.entry.code, guid: read.guid, documents }, null, 2))
  if (faults.length > 0) console.error(JSON.stringify({ faults }, null, 2))
  return refuses(faults) ? 1 : 0
}
