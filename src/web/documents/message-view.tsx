/**
 * The message a document went in, as it was signed: indented for reading, this document unfolded and
 * the others of the message counted, personal values masked. The download is the very bytes.
 */
import { getDeclaration } from '../../catalogue/index.ts'
import type { Declaration } from '../../catalogue/message.ts'
import { maskedValue } from '../../codec/changes.ts'
import { shapeOf } from '../../codec/shape.ts'
import { decodeUtf8 } from '../../http/body.ts'
import { Code, PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { fill } from '../texts.ts'
import { MESSAGE_LINES_SHOWN_MAX, MESSAGE_SHOWN_BYTES_MAX } from './document-limits.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import { kindShort } from './names.ts'
import { type DocumentPlaces, documentPath } from './places.ts'
import type { DocumentTold } from './reading.ts'

const xmlPath = (id: string): string => `/api/v1/documents/${encodeURIComponent(id)}/message.xml`

/** `GET base/documents/:id/message`, as a page. */
export const messagePage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { api, lang, t, param } = ask
  const id = param('id')
  const [found, file] = await Promise.all([
    api.get<DocumentTold>(`/api/v1/documents/${encodeURIComponent(id)}`),
    api.file(xmlPath(id)),
  ])
  if (found.kind === 'problem') return found
  if (!(file instanceof Response)) return file
  const { kind, number, guid, messageId } = found.value
  const bytes = new Uint8Array(await file.arrayBuffer())
  const xml = bytes.length > MESSAGE_SHOWN_BYTES_MAX ? undefined : decodeUtf8(bytes)
  const view = xml === undefined ? undefined : readableMessage(getDeclaration(kind), xml, guid)
  const title = t(texts.message)
  return content(
    `${title} ${number}`,
    <>
      <PageHead title={`${title} · ${kindShort(kind, lang)} ${number}`} note={t(texts.messageNote)}>
        <a class="button primary" href={`${documentPath(places, id)}/message.xml`} download>
          {t(texts.messageDownload)}
        </a>
        <a class="button" href={documentPath(places, id)}>
          {t(texts.look)}
        </a>
      </PageHead>
      {messageId === null ? '' : <Code lang={lang} text={messageId} />}
      {view === undefined ? (
        <p class="note">{t(texts.messageTooLong)}</p>
      ) : (
        <section class="message-xml" tabindex={0} aria-label={title}>
          <pre>{view.lines.join('\n')}</pre>
        </section>
      )}
      {view === undefined || view.others === 0 ? (
        ''
      ) : (
        <p class="note">{fill(t(texts.messageOthers), { count: String(view.others) })}</p>
      )}
      {view?.cut === true ? <p class="note">{t(texts.messageCut)}</p> : ''}
    </>,
  )
}

/** The bytes themselves, as the interface gives them. */
export const messageFile = async ({ api, param }: Ask): Promise<Shown> =>
  api.file(xmlPath(param('id')))

export interface ReadableMessage {
  readonly lines: readonly string[]
  /** Documents of the message that are not shown. */
  readonly others: number
  readonly cut: boolean
}

/**
 * Our own messages are regular: between two tags there is a value or nothing. Values stay as they
 * stand in the XML, escaped, except those that lead to a person.
 */
export const readableMessage = (entry: Declaration, xml: string, guid: string): ReadableMessage => {
  const prefix = /<(\w+:)?\w+Message\b/.exec(xml)?.[1] ?? ''
  const [open, close] = [`<${prefix}${entry.node}>`, `</${prefix}${entry.node}>`]
  const nodes = xml.split(open)
  const own = nodes.findIndex((node, index) => index > 0 && node.includes(`>${guid}<`))
  const last = nodes.at(-1) ?? ''
  const tail = last.slice(last.indexOf(close) + close.length)
  const node = own < 1 ? '' : (nodes[own] ?? '')
  const body = node.slice(0, node.indexOf(close) + close.length)
  const shown = own < 1 || nodes.length < 2 ? xml : `${nodes[0]}${open}${body}${tail}`
  const lines = indented(shown, personalNames(entry))
  return {
    lines: lines.slice(0, MESSAGE_LINES_SHOWN_MAX),
    others: own < 1 ? 0 : nodes.length - 2,
    cut: lines.length > MESSAGE_LINES_SHOWN_MAX,
  }
}

const personalNames = (entry: Declaration): ReadonlySet<string> =>
  new Set(
    shapeOf(entry).groups.flatMap(({ fields }) =>
      fields.filter(({ field }) => field.sensitive === true).map(({ name }) => name),
    ),
  )

/** A line for each element; a long value, such as a certificate, stays on its line. */
const indented = (xml: string, personal: ReadonlySet<string>): readonly string[] => {
  const lines: string[] = []
  let depth = 0
  for (const [piece] of xml.matchAll(/<[^/!?<>][^<>]*>[^<]*<\/[^<>]+>|<[^<>]+>/g)) {
    const isEnd = piece.startsWith('</')
    if (isEnd) depth -= 1
    lines.push('  '.repeat(Math.max(0, depth)) + maskedPiece(piece, personal))
    if (!isEnd && !piece.includes('</') && !piece.endsWith('/>') && !/^<[?!]/.test(piece))
      depth += 1
  }
  return lines
}

const maskedPiece = (piece: string, personal: ReadonlySet<string>): string => {
  const match = /^<(?:\w+:)?(\w+)>([^<]+)<\//.exec(piece)
  if (match === null || !personal.has(match[1] ?? '')) return piece
  return piece.replace(`>${match[2]}<`, () => `>${maskedValue(match[2] ?? '')}<`)
}
