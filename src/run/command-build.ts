/**
 * `yuguan build FILE.json`: a message as canonical XML, unsigned, in the bytes the gateway would
 * sign. Documents with faults are not written; `validate` tells them.
 */
import { parseArgs } from 'node:util'
import type { AnyDocument } from '../catalogue/message.ts'
import { checkDocument } from '../codec/check.ts'
import { writeMessage } from '../codec/write.ts'
import { systemClock } from '../kernel/clock.ts'
import { refuses } from '../kernel/fault.ts'
import { randomIds } from '../kernel/ids.ts'
import { XML_DECLARATION } from '../signing/sign.ts'
import type { Environment } from './config.ts'
import { readDocuments } from './files.ts'
import { UsageError } from './usage.ts'

export const build = async (args: readonly string[], _env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      'cop-code': { type: 'string', default: '0000000000' },
      'cop-name': { type: 'string', default: '示例企业' },
      'dxp-id': { type: 'string', default: 'DXPENT0000000000' },
    },
    allowPositionals: true,
  })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) {
    throw new UsageError('须指定一个文件 / name one file')
  }
  const read = await readDocuments(file)
  if (read.kind === 'unreadable') return refuse(read.faults)
  const documents: AnyDocument[] = []
  for (const { document } of read.documents) {
    const checked = checkDocument(read.entry, document)
    if (refuses(checked.faults)) return refuse(checked.faults)
    documents.push(checked.document)
  }
  if (documents.length > read.entry.nodeMax) {
    throw new Error(
      `一份报文最多 ${read.entry.nodeMax} 份单证 / a message holds ${read.entry.nodeMax} documents`,
    )
  }
  const written = writeMessage(read.entry, documents, {
    guid: read.guid ?? randomIds(systemClock).next().toUpperCase(),
    ...(read.entry.sort === 'declaration'
      ? {
          trailer: {
            transfer: {
              copCode: values['cop-code'],
              copName: values['cop-name'],
              dxpId: values['dxp-id'],
            },
          },
        }
      : {}),
  })
  process.stdout.write(`${XML_DECLARATION}${written.canonical}\n`)
  return 0
}

const refuse = (faults: readonly unknown[]): number => {
  console.error(JSON.stringify({ faults }, null, 2))
  return 1
}
