/**
 * `yuguan build FILE.json`: a message as XML. What the file says of the trailer is kept unless an
 * option says otherwise. A declaration is signed with a key made for the occasion, because the
 * schema wants a signature; `--unsigned` gives the canonical bytes a gateway would sign. What the
 * official schema refuses is not written. What only we refuse is written and told, so that whoever
 * has to look at such a message can make one.
 */
import { parseArgs } from 'node:util'
import type { AnyDocument, Message } from '../catalogue/message.ts'
import { checkDocument } from '../codec/check.ts'
import { fieldAt, strictnessOf } from '../codec/differences.ts'
import type { MessageHead, Trailer, WrittenMessage } from '../codec/types.ts'
import { writeMessage } from '../codec/write.ts'
import { systemClock } from '../kernel/clock.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import { randomIds } from '../kernel/ids.ts'
import { createSigningKey, localSigner } from '../signing/keys.ts'
import { signMessage, XML_DECLARATION } from '../signing/sign.ts'
import type { Environment } from './config.ts'
import { type FileRead, readDocuments } from './files.ts'
import { UsageError } from './usage.ts'

const options = {
  'cop-code': { type: 'string' },
  'cop-name': { type: 'string' },
  'dxp-id': { type: 'string' },
  unsigned: { type: 'boolean' },
} as const

type Options = Partial<Readonly<Record<'cop-code' | 'cop-name' | 'dxp-id', string>>>

export const build = async (args: readonly string[], _env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) {
    throw new UsageError('须指定一个文件 / name one file')
  }
  const read = await readDocuments(file)
  if (read.kind === 'unreadable') return refuse(read.faults)
  const faults = [...read.faults, ...read.documents.flatMap((one) => one.faults)]
  if (refuses(faults)) return refuse(faults)
  const documents: AnyDocument[] = []
  for (const { document } of read.documents) {
    const checked = checkDocument(read.entry, document)
    if (!checked.faults.every((fault) => isOurs(read.entry, fault, checked.document)))
      return refuse(checked.faults)
    if (checked.faults.length > 0) tell(checked.faults)
    documents.push(checked.document)
  }
  if (documents.length > read.entry.nodeMax) {
    throw new Error(
      `一份报文最多 ${read.entry.nodeMax} 份单证 / a message holds ${read.entry.nodeMax} documents`,
    )
  }
  const written = writeMessage(read.entry, documents, headOf(read, values))
  process.stdout.write(`${await finished(read.entry, written, values.unsigned === true)}\n`)
  return 0
}

/** Whether the schema takes the document all the same, as it would be written. */
const isOurs = (entry: Message, fault: Fault, document: AnyDocument): boolean => {
  if (fault.severity !== 'error') return true
  const field = fieldAt(entry, fault.pointer)
  const path = fault.pointer.split('/').slice(1)
  const value = path.reduce<unknown>((inner, token) => Object(inner)[token], document)
  const text = typeof value === 'string' ? value : undefined
  if (field === undefined || (field.required && text === undefined)) return false
  return strictnessOf(entry, fault, text) !== undefined
}

type Read = Extract<FileRead, { readonly kind: 'documents' }>

const headOf = (read: Read, values: Options): MessageHead => {
  const guid = read.guid ?? randomIds(systemClock).next().toUpperCase()
  return read.entry.sort === 'declaration' ? { guid, trailer: trailerOf(read, values) } : { guid }
}

const trailerOf = ({ transfer, subscribers }: Read, values: Options): Trailer => ({
  transfer: {
    copCode: values['cop-code'] ?? transfer?.copCode ?? '0000000000',
    copName: values['cop-name'] ?? transfer?.copName ?? '示例企业',
    dxpId: values['dxp-id'] ?? transfer?.dxpId ?? 'DXPENT0000000000',
    note: transfer?.note ?? '',
  },
  subscribers: subscribers.map(({ status = '', dxpAddress = '', note = '' }) => ({
    ...{ status, dxpAddress, note },
  })),
})

const finished = async (
  entry: Message,
  written: WrittenMessage,
  unsigned: boolean,
): Promise<string> => {
  if (unsigned || entry.sort !== 'declaration') return `${XML_DECLARATION}${written.canonical}`
  console.error('以临时密钥签名，仅供试用 / signed with a throw-away key, for trying out only')
  const notBefore = new Date(Math.floor(systemClock.now().getTime() / 1000) * 1000)
  const key = createSigningKey({
    algorithm: 'sm2-sm3',
    subject: '示例，仅供试用',
    notBefore,
    notAfter: new Date(notBefore.getTime() + KEY_LIFE_MS),
    serial: '0300000000000000',
  })
  return new TextDecoder().decode(await signMessage(written, localSigner(key)))
}

const KEY_LIFE_MS = 24 * 3_600_000

const tell = (faults: readonly Fault[]): void => console.error(JSON.stringify({ faults }, null, 2))

const refuse = (faults: readonly Fault[]): number => {
  tell(faults)
  return 1
}
