/**
 * Any well-formed XML without DOCTYPE as a tree, for what the fast scanner does not take. The parse
 * is fast-xml-parser's; it and its validator are lenient, so one walk over the mark-up comes first
 * and refuses whatever is not well-formed, DOCTYPE and foreign entities. Namespaces are resolved by
 * scope.
 */
import { XMLParser } from 'fast-xml-parser'
import { XML_DEPTH_MAX, XML_ELEMENTS_MAX } from '../kernel/limits.ts'
import { trimBlanks } from './blanks.ts'
import type { XmlFault } from './xml-faults.ts'
import { decodeReferences } from './xml-text.ts'

export interface XmlElement {
  readonly local: string
  /** '' when the element is in no namespace. */
  readonly uri: string
  /** Names as written, namespace declarations left out. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** All text directly inside, references resolved, CDATA taken as it is. */
  readonly text: string
}

export type XmlTree =
  | { readonly kind: 'tree'; readonly root: XmlElement }
  | { readonly kind: 'fault'; readonly fault: XmlFault }

/** `text` is what `decodeXml` gives: no declaration, no carriage returns. */
export const parseXml = (text: string): XmlTree => {
  try {
    const guarded = guard(text)
    if (guarded !== undefined) return { kind: 'fault', fault: guarded }
    const roots = rawElements(parserOf().parse(text) as readonly RawNode[])
    const [root] = roots
    if (root === undefined || roots.length > 1) return { kind: 'fault', fault: 'MALFORMED' }
    return { kind: 'tree', root: elementOf(root, noScope) }
  } catch (error) {
    // The parser throws on names it holds dangerous and on what its validator overlooked.
    return { kind: 'fault', fault: error instanceof XmlRefusal ? error.fault : 'MALFORMED' }
  }
}

/** Leaves the recursion over the tree; never leaves this file. */
class XmlRefusal extends Error {
  readonly fault: XmlFault
  constructor(fault: XmlFault) {
    super(fault)
    this.fault = fault
  }
}

// ---- what must not reach the parser -------------------------------------------------------------

/** Name, then anything up to the end of the tag that is not inside quotes. */
const TAG = /<(\/?)([^ \t\n/>"'=<]+)((?:[^"'<>]|"[^"<]*"|'[^'<]*')*?)(\/?)>/y
/** Blanks are those of XML: JavaScript's `\s` would let a no-break space pass for one. */
const ATTRIBUTES_ONLY = /^(?:[ \t\n]+[^ \t\n=/"'<>]+[ \t\n]*=[ \t\n]*(?:"[^"]*"|'[^']*'))*[ \t\n]*$/

const ATTRIBUTE = /([^ \t\n=/"'<>]+)[ \t\n]*=[ \t\n]*(?:"[^"]*"|'[^']*')/g

/** Walks the mark-up once, outside CDATA, comments and instructions; undefined when all is fair. */
const guard = (text: string): XmlFault | undefined => {
  const open: string[] = []
  let roots = 0
  let elements = 0
  let at = 0
  while (at < text.length) {
    const next = text.indexOf('<', at)
    const fault = textFault(text.slice(at, next < 0 ? text.length : next), open.length)
    if (fault !== undefined) return fault
    if (next < 0) break
    const special = specialEnd(text, next, open.length)
    if (typeof special === 'string') return special
    if (special > 0) {
      at = special
      continue
    }
    TAG.lastIndex = next
    const tag = TAG.exec(text)
    if (tag === null) return 'MALFORMED'
    if (open.length === 0) roots += 1
    if (tag[1] === '') elements += 1
    if (elements > XML_ELEMENTS_MAX) return 'TOO_MANY_ELEMENTS'
    const wrong = tagFault(tag, open)
    if (wrong !== undefined) return wrong
    at = TAG.lastIndex
  }
  return roots === 1 && open.length === 0 ? undefined : 'MALFORMED'
}

/** Opens or closes what the tag opens or closes, if it rightly does. */
const tagFault = (tag: RegExpExecArray, open: string[]): XmlFault | undefined => {
  const [, end, name = '', attributes = '', empty] = tag
  if (end === '/') {
    const isEndOf = open.pop() === name && trimBlanks(attributes) === '' && empty === ''
    return isEndOf ? undefined : 'MALFORMED'
  }
  if (!isQualifiedName(name) || !ATTRIBUTES_ONLY.test(attributes)) return 'MALFORMED'
  const names = [...attributes.matchAll(ATTRIBUTE)].map(([, attribute]) => attribute ?? '')
  if (!names.every(isQualifiedName) || new Set(names).size < names.length) return 'MALFORMED'
  if (empty === '') open.push(name)
  return open.length > XML_DEPTH_MAX ? 'TOO_DEEP' : referenceFault(attributes)
}

/** Outside the root only blanks may stand, not even a reference to one. */
const textFault = (text: string, depth: number): XmlFault | undefined => {
  if (depth === 0) return trimBlanks(text) === '' ? undefined : 'MALFORMED'
  return text.includes(']]>') ? 'MALFORMED' : referenceFault(text)
}

const referenceFault = (text: string): XmlFault | undefined => {
  const decoded = decodeReferences(text)
  return typeof decoded === 'string' ? undefined : decoded.fault
}

/** End of the CDATA section, comment or instruction at `open`; 0 when it is none of them. */
const specialEnd = (text: string, open: number, depth: number): number | XmlFault => {
  if (text.startsWith('<![CDATA[', open)) {
    const end = text.indexOf(']]>', open)
    return end < 0 || depth === 0 ? 'MALFORMED' : end + 3
  }
  if (text.startsWith('<!--', open)) {
    const end = text.indexOf('--', open + 4)
    return end < 0 || text[end + 2] !== '>' ? 'MALFORMED' : end + 3
  }
  if (text.startsWith('<!DOCTYPE', open)) return 'DOCTYPE'
  if (text.startsWith('<!', open)) return 'MALFORMED'
  if (!text.startsWith('<?', open)) return 0
  const end = text.indexOf('?>', open)
  if (end < 0) return 'MALFORMED'
  const [target = ''] = /^[^ \t\n]*/.exec(text.slice(open + 2, end)) ?? []
  return isName(target) && !/^xml$/i.test(target) ? end + 2 : 'MALFORMED'
}

const NAME_START =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF' +
  '\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF' +
  '\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}'
const NAME = new RegExp(
  `^[${NAME_START}][-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040${NAME_START}]*$`,
  'u',
)

/**
 * Names as XML 1.0 allows them, without a colon, save two characters that the parser behind takes
 * for blanks and would trim off a name: it would then see another name than this.
 */
const isName = (name: string): boolean => NAME.test(name) && !/[\u1680\ufeff]/.test(name)

const isQualifiedName = (name: string): boolean => {
  const parts = name.split(':')
  return parts.length <= 2 && parts.every(isName)
}

// ---- the parser and its output ------------------------------------------------------------------

const TEXT = '#text'
const CDATA = '#cdata'
const ATTRIBUTES = ':@'

/** One key names the element, `:@` holds its attributes; text has `#text`. */
type RawNode = Readonly<Record<string, unknown>>

const parserOf = (): XMLParser =>
  new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    // Its defaults turn 0012 into 12 and 1e5 into 100000.
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    textNodeName: TEXT,
    cdataPropName: CDATA,
    // Names are keys of one-element objects here and read back as such; none may be changed.
    onDangerousProperty: (name) => name,
    maxNestedTags: XML_DEPTH_MAX + 1,
  })

interface RawElement {
  readonly name: string
  readonly attributes: readonly (readonly [string, string])[]
  readonly nodes: readonly RawNode[]
}

const rawElements = (nodes: readonly RawNode[]): readonly RawElement[] =>
  nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES)
    if (name === undefined || name === TEXT || name === CDATA) return []
    const attributes = Object.entries((node[ATTRIBUTES] ?? {}) as Readonly<Record<string, string>>)
    return [{ name, attributes, nodes: node[name] as readonly RawNode[] }]
  })

/**
 * What one element declares, prefix to namespace ('' is the default), within what is declared around
 * it. A chain: copies would cost what the root declares once more for every element.
 */
interface Scope {
  readonly own: ReadonlyMap<string, string>
  readonly outer: Scope | undefined
}

const noScope: Scope = {
  own: new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]),
  outer: undefined,
}

/** Namespace of a prefix; looks no deeper than elements may be nested. */
const namespaceOf = (scope: Scope, prefix: string): string | undefined => {
  for (let place: Scope | undefined = scope; place !== undefined; place = place.outer) {
    const uri = place.own.get(prefix)
    if (uri !== undefined) return uri
  }
  return undefined
}

const elementOf = (raw: RawElement, outer: Scope): XmlElement => {
  const scope = scopeOf(raw, outer)
  const attributes = new Map<string, string>()
  for (const [name, value] of raw.attributes) {
    if (isDeclaration(name)) continue
    const colon = name.indexOf(':')
    if (colon >= 0 && namespaceOf(scope, name.slice(0, colon)) === undefined)
      throw new XmlRefusal('NAMESPACE')
    attributes.set(name, decoded(value))
  }
  const colon = raw.name.indexOf(':')
  const prefix = colon < 0 ? '' : raw.name.slice(0, colon)
  const uri = namespaceOf(scope, prefix)
  if (uri === undefined && prefix !== '') throw new XmlRefusal('NAMESPACE')
  return {
    local: raw.name.slice(colon + 1),
    uri: uri ?? '',
    attributes,
    children: rawElements(raw.nodes).map((child) => elementOf(child, scope)),
    text: textOf(raw.nodes),
  }
}

const isDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:')

const scopeOf = (raw: RawElement, outer: Scope): Scope => {
  const declared = raw.attributes.filter(([name]) => isDeclaration(name))
  if (declared.length === 0) return outer
  const own = new Map<string, string>()
  for (const [name, value] of declared) {
    const prefix = name === 'xmlns' ? '' : name.slice('xmlns:'.length)
    const uri = decoded(value)
    // Undeclaring a prefix is for XML 1.1; `xml` and `xmlns` are bound for good.
    if (prefix !== '' && (uri === '' || prefix === 'xml' || prefix === 'xmlns'))
      throw new XmlRefusal('NAMESPACE')
    own.set(prefix, uri)
  }
  return { own, outer }
}

const textOf = (nodes: readonly RawNode[]): string => {
  let text = ''
  for (const node of nodes) {
    const plain = node[TEXT]
    if (plain !== undefined) text += decoded(String(plain))
    const section = node[CDATA]
    if (Array.isArray(section)) for (const part of section) text += String(part[TEXT] ?? '')
  }
  return text
}

const decoded = (text: string): string => {
  const result = decodeReferences(text)
  if (typeof result !== 'string') throw new XmlRefusal(result.fault)
  return result
}
