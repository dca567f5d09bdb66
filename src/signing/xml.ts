/**
 * A small strict reader of XML with namespaces, for what must be read exactly: signatures and
 * envelopes. Gives the tree with every text as the XML recommendation says it is (line ends and
 * attribute white space normalised, references resolved), which canonical XML builds on. There are
 * no document types and therefore no entities beyond the five; never throws on what it is given.
 */
import { XML_DEPTH_MAX, XML_MARKUP_MAX } from '../kernel/limits.ts'

export interface XmlAttribute {
  readonly name: string
  /** The empty string for an attribute without a prefix. */
  readonly namespace: string
  readonly local: string
  readonly value: string
}

export interface XmlText {
  readonly kind: 'text'
  readonly text: string
}

export interface XmlInstruction {
  readonly kind: 'instruction'
  readonly target: string
  readonly data: string
}

/** Namespace declarations of one element above those of its parent; prefix '' is the default. */
export interface XmlScope {
  readonly parent: XmlScope | undefined
  readonly own: ReadonlyMap<string, string>
}

export interface XmlElement {
  readonly kind: 'element'
  readonly name: string
  readonly namespace: string
  readonly local: string
  /** Without namespace declarations, which are in `scope.own` where `declares` is true. */
  readonly attributes: readonly XmlAttribute[]
  readonly scope: XmlScope
  readonly declares: boolean
  readonly parent: XmlElement | undefined
  readonly children: readonly XmlNode[]
}

export type XmlNode = XmlElement | XmlText | XmlInstruction

export interface XmlDocument {
  readonly kind: 'document'
  /** Processing instructions in front of the root and behind it. */
  readonly before: readonly XmlInstruction[]
  readonly root: XmlElement
  readonly after: readonly XmlInstruction[]
}

export interface XmlBroken {
  readonly kind: 'broken'
  readonly why: 'doctype' | 'encoding' | 'too-deep' | 'too-many' | 'malformed'
}

export const EMPTY_SCOPE: XmlScope = { parent: undefined, own: new Map() }

/** Reads bytes that must be UTF-8, with or without a byte order mark and declaration. */
export const readXmlBytes = (bytes: Uint8Array): XmlDocument | XmlBroken => {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { kind: 'broken', why: 'encoding' }
  }
  return readXml(text)
}

/** Reads a document, or an element cut out of one together with the scope it stood in. */
export const readXml = (text: string, scope = EMPTY_SCOPE): XmlDocument | XmlBroken => {
  try {
    return readDocument(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text, scope)
  } catch (error) {
    if (error instanceof Broken) return { kind: 'broken', why: error.why }
    throw error
  }
}

/** The URI a prefix stands for; the empty string for the default namespace when there is none. */
export const namespaceOf = (scope: XmlScope | undefined, prefix: string): string | undefined => {
  if (prefix === 'xml') return XML_NAMESPACE
  for (let at = scope; at !== undefined; at = at.parent) {
    const uri = at.own.get(prefix)
    if (uri !== undefined) return uri
  }
  return prefix === '' ? '' : undefined
}

/** All text inside an element, in order. */
export const textOf = (element: XmlElement): string => {
  let text = ''
  for (const child of element.children)
    if (child.kind === 'text') text += child.text
    else if (child.kind === 'element') text += textOf(child)
  return text
}

export const elementsOf = (element: XmlElement): readonly XmlElement[] =>
  element.children.filter((child) => child.kind === 'element')

export const isBlank = (text: string): boolean => /^[ \t\r\n]*$/.test(text)

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/'

const NAME_FIRST =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF' +
  '\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD'
const NAME = `[${NAME_FIRST}][${NAME_FIRST}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040]*`
const QUALIFIED = `(?:(${NAME}):)?(${NAME})`
const SPACE = '[ \\t\\n]'
const EQUALS = `${SPACE}*=${SPACE}*`
// Sticky expressions carry their place in lastIndex, so every reading makes its own.
const START_TAG = `<${QUALIFIED}`
const ATTRIBUTE = `${SPACE}+${QUALIFIED}${EQUALS}(?:"([^<"]*)"|'([^<']*)')`
const TAG_END = `${SPACE}*(/?)>`
const END_TAG = `</((?:${NAME}:)?${NAME})${SPACE}*>`
const INSTRUCTION = `<\\?(${NAME})(?:${SPACE}+([^]*?))?\\?>`
const DECLARATION = new RegExp(
  `^<\\?xml${SPACE}+version${EQUALS}["']1\\.[0-9]+["']` +
    `(?:${SPACE}+encoding${EQUALS}["']([A-Za-z][\\w.-]*)["'])?` +
    `(?:${SPACE}+standalone${EQUALS}["'](?:yes|no)["'])?${SPACE}*\\?>`,
)
/** Characters XML 1.0 §2.2 does not have. The text comes from a decoder and holds no half pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what it is for
const NO_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/

class Broken extends Error {
  readonly why: XmlBroken['why']
  constructor(why: XmlBroken['why']) {
    super(why)
    this.why = why
  }
}

/** An element while its children are still coming. */
interface Open {
  readonly element: XmlElement
  readonly children: XmlNode[]
}

const readDocument = (text: string, scope: XmlScope): XmlDocument => {
  if (NO_CHARACTER.test(text)) throw new Broken('malformed')
  const readTag = tagReader(text)
  const endTag = new RegExp(END_TAG, 'y')
  const instruction = new RegExp(INSTRUCTION, 'y')
  const open: Open[] = []
  const before: XmlInstruction[] = []
  const after: XmlInstruction[] = []
  let root: XmlElement | undefined
  let markup = 0
  let at = declarationEnd(text)
  for (;;) {
    const top = open.at(-1)
    const next = text.indexOf('<', at)
    const gap = text.slice(at, next < 0 ? text.length : next)
    if (gap !== '')
      if (top !== undefined) top.children.push({ kind: 'text', text: textValue(gap) })
      else if (!isBlank(gap)) throw new Broken('malformed')
    if (next < 0) break
    markup += 1
    if (markup > XML_MARKUP_MAX) throw new Broken('too-many')
    const sign = text[next + 1]
    if (sign === '/') {
      const match = matchAt(endTag, text, next)
      if (top === undefined || match[1] !== top.element.name) throw new Broken('malformed')
      open.pop()
      at = endTag.lastIndex
    } else if (sign === '?') {
      const match = matchAt(instruction, text, next)
      const node = instructionOf(match[1] ?? '', match[2] ?? '')
      ;(top?.children ?? (root === undefined ? before : after)).push(node)
      at = instruction.lastIndex
    } else if (sign === '!') {
      at = readMarked(text, next, top)
    } else {
      if (top === undefined && root !== undefined) throw new Broken('malformed')
      if (open.length >= XML_DEPTH_MAX) throw new Broken('too-deep')
      const tag = readTag(next, top?.element, scope)
      root ??= tag.open.element
      top?.children.push(tag.open.element)
      if (!tag.isEmpty) open.push(tag.open)
      at = tag.end
    }
  }
  if (root === undefined || open.length > 0) throw new Broken('malformed')
  return { kind: 'document', before, root, after }
}

const declarationEnd = (text: string): number => {
  if (!/^<\?xml[ \t\n]/.test(text)) return 0
  const match = DECLARATION.exec(text)
  if (match === null) throw new Broken('malformed')
  const encoding = match[1]?.toLowerCase()
  if (encoding !== undefined && encoding !== 'utf-8' && encoding !== 'utf8')
    throw new Broken('encoding')
  return match[0].length
}

/** A comment, which leaves no trace, or a CDATA section; returns the index behind it. */
const readMarked = (text: string, start: number, top: Open | undefined): number => {
  if (text.startsWith('<!--', start)) {
    const end = text.indexOf('--', start + 4)
    if (end < 0 || text[end + 2] !== '>') throw new Broken('malformed')
    return end + 3
  }
  if (text.startsWith('<![CDATA[', start) && top !== undefined) {
    const end = text.indexOf(']]>', start)
    if (end < 0) throw new Broken('malformed')
    top.children.push({ kind: 'text', text: text.slice(start + 9, end) })
    return end + 3
  }
  throw new Broken(text.startsWith('<!DOCTYPE', start) ? 'doctype' : 'malformed')
}

const instructionOf = (target: string, data: string): XmlInstruction => {
  if (target.toLowerCase() === 'xml') throw new Broken('malformed')
  return { kind: 'instruction', target, data }
}

const tagReader = (text: string) => {
  const startTag = new RegExp(START_TAG, 'y')
  const attribute = new RegExp(ATTRIBUTE, 'y')
  const tagEnd = new RegExp(TAG_END, 'y')
  return (start: number, parent: XmlElement | undefined, outer: XmlScope) => {
    const [, prefix = '', local = ''] = matchAt(startTag, text, start)
    const own = new Map<string, string>()
    const written: (readonly [string, string, string])[] = []
    let end = startTag.lastIndex
    for (;;) {
      attribute.lastIndex = end
      const match = attribute.exec(text)
      if (match === null) break
      end = attribute.lastIndex
      const [, before = '', name = ''] = match
      const value = attributeValue(match[3] ?? match[4] ?? '')
      if (before === 'xmlns' || (before === '' && name === 'xmlns'))
        declare(own, before === '' ? '' : name, value)
      else written.push([before, name, value])
    }
    const isEmpty = matchAt(tagEnd, text, end)[1] === '/'
    const above = parent?.scope ?? outer
    const scope = own.size === 0 ? above : { parent: above, own }
    const children: XmlNode[] = []
    const element: XmlElement = {
      kind: 'element',
      name: prefix === '' ? local : `${prefix}:${local}`,
      namespace: resolve(scope, prefix),
      local,
      attributes: written.length === 0 ? NO_ATTRIBUTES : resolveAttributes(scope, written),
      scope,
      declares: own.size > 0,
      parent,
      children,
    }
    return { open: { element, children }, isEmpty, end: tagEnd.lastIndex }
  }
}

const NO_ATTRIBUTES: readonly XmlAttribute[] = []

/** Namespaces in XML 1.0 §3 and §5: what may not be declared, and not twice. */
const declare = (own: Map<string, string>, prefix: string, uri: string): void => {
  const isReserved = prefix === 'xmlns' || uri === XMLNS_NAMESPACE
  const isXml = prefix === 'xml' || uri === XML_NAMESPACE
  if (isReserved || own.has(prefix) || (prefix !== '' && uri === '')) throw new Broken('malformed')
  if (isXml && (prefix !== 'xml' || uri !== XML_NAMESPACE)) throw new Broken('malformed')
  own.set(prefix, uri)
}

const resolve = (scope: XmlScope, prefix: string): string => {
  const uri = namespaceOf(scope, prefix)
  if (uri === undefined) throw new Broken('malformed')
  return uri
}

const resolveAttributes = (
  scope: XmlScope,
  written: readonly (readonly [string, string, string])[],
): readonly XmlAttribute[] => {
  const seen = new Set<string>()
  return written.map(([prefix, local, value]) => {
    const namespace = prefix === '' ? '' : resolve(scope, prefix)
    const key = `${namespace} ${local}`
    if (seen.has(key)) throw new Broken('malformed')
    seen.add(key)
    return { name: prefix === '' ? local : `${prefix}:${local}`, namespace, local, value }
  })
}

const textValue = (raw: string): string => {
  if (raw.includes(']]>')) throw new Broken('malformed')
  return withoutReferences(raw)
}

const attributeValue = (raw: string): string => withoutReferences(raw.replace(/[\t\n]/g, ' '))

const withoutReferences = (raw: string): string =>
  raw.includes('&') ? raw.replace(/&([^;&]{0,12};)?/g, (_, name) => referred(name)) : raw

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp;', '&'],
  ['lt;', '<'],
  ['gt;', '>'],
  ['quot;', '"'],
  ['apos;', "'"],
])

const referred = (name: string | undefined): string => {
  const named = NAMED.get(name ?? '')
  if (named !== undefined) return named
  const match = /^#(?:x([0-9A-Fa-f]+)|([0-9]+));$/.exec(name ?? '')
  if (match === null) throw new Broken('malformed')
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16)
  const isHalf = code >= 0xd800 && code <= 0xdfff
  if (code > 0x10ffff || isHalf || NO_CHARACTER.test(String.fromCodePoint(code)))
    throw new Broken('malformed')
  return String.fromCodePoint(code)
}

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray => {
  pattern.lastIndex = at
  const match = pattern.exec(text)
  if (match === null) throw new Broken('malformed')
  return match
}
