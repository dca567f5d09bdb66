/**
 * The same messages written by two general libraries, as one would write them with these libraries:
 * to measure against, and to prove that our writer's bytes are right. Both give canonical XML for
 * texts without carriage returns, which neither of them escapes.
 */
import { XMLBuilder as FastXmlBuilder } from 'fast-xml-parser'
import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import type { AnyDocument, FieldRecord, Message } from '../../catalogue/message.ts'
import { CEB_NAMESPACE, DXP_MODE } from '../../codec/envelope.ts'
import type { MessageHead } from '../../codec/types.ts'

const isRecord = (value: unknown): value is FieldRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Written through xmlbuilder2's element builder. */
export const composeWithXmlbuilder2 = (
  entry: Message,
  documents: readonly AnyDocument[],
  head: MessageHead,
): string => {
  const root = create().ele(CEB_NAMESPACE, `ceb:${entry.code}Message`)
  root.att('guid', head.guid).att('version', '1.0')
  for (const document of documents) {
    const node = root.ele(CEB_NAMESPACE, `ceb:${entry.node}`)
    for (const [name, value] of Object.entries(document)) {
      if (typeof value === 'string') field(node, name, value)
      else for (const record of isRecord(value) ? [value] : value) group(node, name, record)
    }
  }
  for (const [name, record] of trailerOf(head)) group(root, name, record)
  return root.end({ headless: true, allowEmptyTags: true })
}

const group = (parent: XMLBuilder, name: string, record: FieldRecord): void => {
  const element = parent.ele(CEB_NAMESPACE, `ceb:${name}`)
  for (const [key, value] of Object.entries(record)) field(element, key, value)
}

const field = (parent: XMLBuilder, name: string, value: string): void => {
  parent.ele(CEB_NAMESPACE, `ceb:${name}`).txt(value)
}

const trailerOf = ({ trailer }: MessageHead): readonly (readonly [string, FieldRecord])[] => {
  if (trailer === undefined) return []
  const { copCode, copName, dxpId, note } = trailer.transfer
  return [
    [
      'BaseTransfer',
      { copCode, copName, dxpMode: DXP_MODE, dxpId, ...(note === undefined ? {} : { note }) },
    ],
    ...(trailer.subscribers ?? []).map(
      ({ status, dxpAddress }) =>
        ['BaseSubscribe', { status, dxpMode: DXP_MODE, dxpAddress }] as const,
    ),
  ]
}

/** Our documents under the prefixed names that fast-xml-parser's builder takes. */
export const prefixed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(prefixed)
  return isRecord(value) ? prefixedRecord(value) : value
}

const prefixedRecord = (record: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record).map(([name, inner]) => [`ceb:${name}`, prefixed(inner)]),
  )

const builderOptions = {
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressEmptyNode: false,
  format: false,
  // Its own table escapes quotes in text as well, which canonical XML does not.
  entities: [
    { regex: /&/g, val: '&amp;' },
    { regex: /</g, val: '&lt;' },
    { regex: />/g, val: '&gt;' },
  ],
}

/** Written through fast-xml-parser's builder; `documents` have gone through `prefixed`. */
export const composeWithFastXmlParser = (
  entry: Message,
  documents: readonly unknown[],
  head: MessageHead,
): string => {
  const builder = new FastXmlBuilder(builderOptions)
  const trailer: Record<string, FieldRecord[]> = {}
  for (const [name, record] of trailerOf(head)) trailer[name] = [...(trailer[name] ?? []), record]
  return builder.build({
    [`ceb:${entry.code}Message`]: {
      '@xmlns:ceb': CEB_NAMESPACE,
      '@guid': head.guid,
      '@version': '1.0',
      [`ceb:${entry.node}`]: documents,
      ...prefixedRecord(trailer),
    },
  })
}
