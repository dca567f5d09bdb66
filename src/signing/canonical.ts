/**
 * Inclusive Canonical XML 1.0 without comments (W3C REC-xml-c14n-20010315) of a document read by
 * xml.ts, or of one element of it with everything in scope at its place. Nodes can be left out, as
 * the enveloped-signature transform asks.
 */
import type { XmlAttribute, XmlDocument, XmlElement, XmlInstruction, XmlNode } from './xml.ts'
import { namespaceOf, type XmlScope } from './xml.ts'

type LeftOut = (node: XmlNode) => boolean

const nothing: LeftOut = () => false

/** The canonical text of a document; a node for which `leftOut` is true goes with all inside it. */
export const canonicalDocument = (document: XmlDocument, leftOut: LeftOut = nothing): string => {
  const before = document.before.map((node) => `${instruction(node)}\n`).join('')
  const after = document.after.map((node) => `\n${instruction(node)}`).join('')
  return `${before}${canonicalElement(document.root, leftOut)}${after}`
}

/**
 * The canonical text of one element as a document subset: all namespaces in scope are declared on
 * it, and the xml: attributes of its ancestors are repeated (§2.4).
 */
export const canonicalElement = (element: XmlElement, leftOut: LeftOut = nothing): string => {
  const namespaces = inScope(element.scope)
  return write(element, [...namespaces], inheritedAttributes(element), leftOut)
}

const write = (
  element: XmlElement,
  namespaces: readonly (readonly [string, string])[],
  attributes: readonly XmlAttribute[],
  leftOut: LeftOut,
): string => {
  let out = `<${element.name}`
  for (const [prefix, uri] of [...namespaces].sort(([a], [b]) => order(a, b)))
    out += ` xmlns${prefix === '' ? '' : `:${prefix}`}="${attributeText(uri)}"`
  for (const one of [...attributes].sort(byName))
    out += ` ${one.name}="${attributeText(one.value)}"`
  out += '>'
  for (const child of element.children) {
    if (leftOut(child)) continue
    if (child.kind === 'text') out += contentText(child.text)
    else if (child.kind === 'instruction') out += instruction(child)
    else out += write(child, declared(child), child.attributes, leftOut)
  }
  return `${out}</${element.name}>`
}

/** Declarations of an element that say something its parent did not. */
const declared = (element: XmlElement): readonly (readonly [string, string])[] =>
  element.declares
    ? [...element.scope.own].filter(
        ([prefix, uri]) => prefix !== 'xml' && namespaceOf(element.scope.parent, prefix) !== uri,
      )
    : []

const inScope = (scope: XmlScope): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (let at: XmlScope | undefined = scope; at !== undefined; at = at.parent)
    for (const [prefix, uri] of at.own) if (!found.has(prefix)) found.set(prefix, uri)
  found.delete('xml')
  // The default namespace undone is what the outermost element has anyway.
  if (found.get('') === '') found.delete('')
  return found
}

const inheritedAttributes = (element: XmlElement): readonly XmlAttribute[] => {
  const found = new Map(element.attributes.map((one) => [`${one.namespace} ${one.local}`, one]))
  for (let at = element.parent; at !== undefined; at = at.parent)
    for (const one of at.attributes)
      if (one.name.startsWith('xml:') && !found.has(`${one.namespace} ${one.local}`))
        found.set(`${one.namespace} ${one.local}`, one)
  return [...found.values()]
}

const byName = (a: XmlAttribute, b: XmlAttribute): number =>
  order(a.namespace, b.namespace) || order(a.local, b.local)

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const instruction = (node: XmlInstruction): string =>
  node.data === '' ? `<?${node.target}?>` : `<?${node.target} ${node.data}?>`

const TEXT_SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
}

const contentText = (text: string): string =>
  text.replace(/[&<>\r]/g, (sign) => TEXT_SIGNS[sign] ?? sign)

const ATTRIBUTE_SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

const attributeText = (text: string): string =>
  text.replace(/[&<"\t\n\r]/g, (sign) => ATTRIBUTE_SIGNS[sign] ?? sign)
