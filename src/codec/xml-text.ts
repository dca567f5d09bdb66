/**
 * Bytes to text and text to values, the part of XML that both readers share: encoding, byte order
 * mark, XML declaration, line ends (XML 1.0 §2.11), character references and the five predefined
 * entities. Entities are never expanded by a library, so there is nothing to blow up.
 */
import type { XmlFault } from './xml-faults.ts'

export type DecodedXml =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly fault: XmlFault }

/** Bytes looked at for a declared encoding; a declaration is far shorter. */
const DECLARATION_BYTES_MAX = 256

/** Version, then encoding, then standalone, the last two at will (XML 1.0, production 23). */
const DECLARATION = new RegExp(
  [
    /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.\d+"|'1\.\d+')/,
    /(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?/,
    /(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*\?>/,
  ]
    .map((part) => part.source)
    .join(''),
)

/** The text after byte order mark and declaration, line ends made one line feed each. */
export const decodeXml = (bytes: Uint8Array): DecodedXml => {
  if (bytes.length === 0) return { kind: 'fault', fault: 'EMPTY' }
  const opening = String.fromCharCode(...bytes.subarray(0, DECLARATION_BYTES_MAX))
  if (/^(?:\xff\xfe|\xfe\xff|\0|.\0)/.test(opening)) return { kind: 'fault', fault: 'ENCODING' }
  const encoding = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)/.exec(opening)?.[1]
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
    return { kind: 'fault', fault: 'ENCODING' }
  const raw = decodeUtf8(bytes)
  if (raw === undefined) return { kind: 'fault', fault: 'NOT_UTF8' }
  const whole = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw
  if (hasForbiddenCharacter(whole)) return { kind: 'fault', fault: 'MALFORMED' }
  if (!/^<\?xml[ \t\n?]/.test(whole)) {
    const kind = /\S/.test(whole) ? 'text' : 'fault'
    return kind === 'text' ? { kind, text: whole } : { kind, fault: 'EMPTY' }
  }
  const declaration = DECLARATION.exec(whole)?.[0]
  if (declaration === undefined) return { kind: 'fault', fault: 'MALFORMED' }
  return { kind: 'text', text: whole.slice(declaration.length) }
}

const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Production 2 of XML 1.0; decoded UTF-8 has no lone surrogates, so they need no look. */
const hasForbiddenCharacter = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)

/** A map: a record would also know `constructor` and all that objects inherit. */
const predefined: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** Text between tags as it is meant, or what is wrong with it. */
export const decodeReferences = (text: string): string | { readonly fault: XmlFault } => {
  if (!text.includes('&')) return text
  let fault: XmlFault | undefined
  const decoded = text.replace(/&([^&;]*)(;?)/g, (_, name: string, end: string) => {
    const character = end === ';' ? referenced(name) : 'MALFORMED'
    if (typeof character === 'string') {
      // An entity fault tells more than a malformed one elsewhere in the same text.
      fault = fault === 'ENTITY' ? fault : character
      return ''
    }
    return character.character
  })
  return fault === undefined ? decoded : { fault }
}

const referenced = (name: string): XmlFault | { readonly character: string } => {
  const known = predefined.get(name)
  if (known !== undefined) return { character: known }
  const number = /^#(?:x([0-9A-Fa-f]{1,8})|(\d{1,8}))$/.exec(name)
  if (number === null) return /^[^\s#\d][^\s#]*$/.test(name) ? 'ENTITY' : 'MALFORMED'
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16)
  return isXmlCharacter(code) ? { character: String.fromCodePoint(code) } : 'MALFORMED'
}

const isXmlCharacter = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff)
