/**
 * A copy of a part's XML with changes, piece by piece: every tag and text goes through a visitor
 * that may change, add or leave out. What is not touched comes out as it was; only comments and the
 * way quotes and references are written may differ.
 */
import { escapeXml } from './parts.ts'
import { type Attributes, createXmlFeed, localName } from './xml-feed.ts'

export interface Tag {
  readonly name: string
  /** With its colon; '' when there is none. What is added must carry the same. */
  readonly prefix: string
  readonly attributes: Attributes
  /** 1 for the root. */
  readonly depth: number
}

export interface CopyVisitor {
  /** Attributes instead of its own; `leave-out` drops the element with all it holds. */
  open?(tag: Tag): Attributes | 'leave-out' | undefined
  /** Text before the tag. */
  before?(tag: Tag): string
  /** Text before the closing tag, behind all it holds. */
  inside?(tag: Tag): string
}

export async function* copyXml(
  bytes: AsyncIterable<Uint8Array>,
  visitor: CopyVisitor,
): AsyncGenerator<string> {
  let out = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
  const open: Tag[] = []
  /** Depth of the element that is being left out; 0 when none is. */
  let leftOut = 0
  /** A start tag without its end, until it is known whether anything stands in it. */
  let pending = ''
  const settle = (): void => {
    if (pending !== '') out += `${pending}>`
    pending = ''
  }
  const feed = createXmlFeed({
    open: (name, attributes, raw) => {
      const tag = { name, prefix: prefixOf(raw.name), attributes, depth: open.length + 1 }
      open.push(tag)
      if (leftOut > 0) return
      settle()
      out += visitor.before?.(tag) ?? ''
      const changed = visitor.open?.(tag)
      if (changed === 'leave-out') leftOut = tag.depth
      else pending = `<${raw.name}${attributesXml(changed ?? attributes)}`
    },
    text: (text) => {
      if (leftOut > 0 || open.length === 0) return
      settle()
      out += escapeXml(text)
    },
    close: (_name, raw) => {
      const tag = open.pop()
      if (tag === undefined) return
      if (leftOut > 0) {
        if (leftOut === tag.depth) leftOut = 0
        return
      }
      const inside = visitor.inside?.(tag) ?? ''
      if (inside !== '') settle()
      out += inside
      if (pending === '') out += `</${raw.name}>`
      else out += `${pending}/>`
      pending = ''
    },
  })
  for await (const piece of bytes) {
    feed.feed(piece)
    const done = out
    out = ''
    if (done !== '') yield done
  }
  feed.end()
  if (out !== '') yield out
}

const prefixOf = (name: string): string => name.slice(0, name.length - localName(name).length)

const attributesXml = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${attributeXml(value)}"`)
    .join('')

/** Line breaks in an attribute would come back as blanks. */
const attributeXml = (value: string): string =>
  escapeXml(value).replace(/[\t\n\r]/g, (blank) => `&#${blank.charCodeAt(0)};`)
