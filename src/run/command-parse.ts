/**
 * `yuguan parse FILE.xml`: the documents of a message as JSON, in the form the interface takes, with
 * its guid and trailer beside them, so that `build` gives the same message again. What is only
 * read over, and whatever is wrong, is told beside it.
 */
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
  const { entry, guid, transfer, subscribers } = read
  const message = {
    kind: entry.code,
    guid,
    ...(transfer === undefined ? {} : { BaseTransfer: transfer }),
    ...(subscribers.length === 0 ? {} : { BaseSubscribe: subscribers }),
    documents,
  }
  console.log(JSON.stringify(message, null, 2))
  if (faults.length > 0) console.error(JSON.stringify({ faults }, null, 2))
  return refuses(faults) ? 1 : 0
}
