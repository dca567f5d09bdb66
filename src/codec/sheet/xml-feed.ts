/**
 * XML of a workbook's parts as events, fed in pieces. Saxes is strict about well-formed XML and
 * knows no entities but the five; a DOCTYPE ends the reading. Names come without their prefix:
 * programs choose it as they like.
 */
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { SHEET_MARKUP_LENGTH_MAX } from '../../kernel/limits.ts'
import { Unreadable } from './faults.ts'

export type Attributes = Readonly<Record<string, string>>

export interface XmlEvents {
  open?(name: string, attributes: Attributes, tag: SaxesTagPlain): void
  close?(name: string, tag: SaxesTagPlain): void
  text?(text: string): void
}

export interface XmlFeed {
  /** Throws Unreadable for what is not UTF-8 or not well-formed. */
  feed(bytes: Uint8Array): void
  end(): void
}

export const createXmlFeed = (events: XmlEvents): XmlFeed => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const parser = new SaxesParser()
  let silence = 0
  parser.on('error', () => {
    throw new Unreadable('BROKEN')
  })
  parser.on('doctype', () => {
    throw new Unreadable('BROKEN')
  })
  parser.on('opentag', (tag) => {
    silence = 0
    events.open?.(localName(tag.name), tag.attributes, tag)
  })
  parser.on('closetag', (tag) => {
    silence = 0
    events.close?.(localName(tag.name), tag)
  })
  const text = (value: string): void => {
    silence = 0
    events.text?.(value)
  }
  parser.on('text', text)
  parser.on('cdata', text)
  const write = (piece: string): void => {
    silence += piece.length
    parser.write(piece)
    // Whatever has no end is collected inside the parser.
    if (silence > SHEET_MARKUP_LENGTH_MAX) throw new Unreadable('BROKEN')
  }
  const decode = (bytes: Uint8Array | undefined): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
    } catch {
      throw new Unreadable('BROKEN')
    }
  }
  return {
    feed: (bytes) => write(decode(bytes)),
    end: () => {
      write(decode(undefined))
      parser.close()
    },
  }
}

/** Feeds a whole part. */
export const feedAll = async (
  bytes: AsyncIterable<Uint8Array>,
  events: XmlEvents,
): Promise<void> => {
  const feed = createXmlFeed(events)
  for await (const piece of bytes) feed.feed(piece)
  feed.end()
}

/** `main:row` is `row`. */
export const localName = (name: string): string => {
  const colon = name.indexOf(':')
  return colon === -1 ? name : name.slice(colon + 1)
}
