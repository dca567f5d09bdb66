/**
 * Messages spoilt as texts: a piece of mark-up put in, a stretch cut out, two bytes swapped. What
 * comes out is mostly broken XML and sometimes not, which only a real XML parser can tell apart.
 */
import { messages } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { generateDocument, pick, type Random } from './documents.ts'
import { generateHead, signedMessage } from './messages.ts'

const entries: readonly Message[] = messages

const pieces = [
  '<',
  '>',
  '&',
  '"',
  "'",
  '/',
  '=',
  ' ',
  '\n',
  '\t',
  ';',
  '?',
  '!',
  '-',
  '[',
  ']',
  ':',
  'x',
  '重',
  '<!--',
  '-->',
  '<!-- note -->',
  '<!---->',
  '<!-- a--b -->',
  '<![CDATA[',
  ']]>',
  '<![CDATA[<a>&b;]]>',
  '<![CDATA[]]>',
  '<?',
  '?>',
  '<?pi data?>',
  '<?xml version="1.0"?>',
  '<?XmL ?>',
  '<!DOCTYPE a>',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '&b;',
  '&amp;',
  '&lt;',
  '&#65;',
  '&#x4E2D;',
  '&#0;',
  '&#xD800;',
  '&#x110000;',
  '&#x1F600;',
  '&amp',
  '&;',
  '&#;',
  '&#x;',
  '& ',
  '&1;',
  '<a/>',
  '<a>',
  '</a>',
  '<a></a>',
  '<a b="c"/>',
  '<a b="c" b="d"/>',
  '<a b=c/>',
  '<a b/>',
  '<a b="<"/>',
  '<a b="&lt;"/>',
  '<a b="&"/>',
  "<a b='\"'/>",
  '<a b="c"d="e"/>',
  '<a  b = "c" />',
  '< a/>',
  '<a / >',
  '<1a/>',
  '<a:b/>',
  '<a:b:c/>',
  '<:a/>',
  '<a:/>',
  '<ceb:a/>',
  '<ceb:note/>',
  '<ceb:note />',
  '<ceb:note></ceb:note>',
  '<ceb:note>x</ceb:note >',
  '<重/>',
  '<a xmlns="urn:x"/>',
  '<p:a xmlns:p="urn:x"/>',
  '<p:a xmlns:p=""/>',
  '<a xmlns:xml="urn:x"/>',
  '<a xml:lang="zh"/>',
  ' extra="1"',
  ' guid="1"',
  ' xmlns:q="urn:q"',
  ' q:r="1"',
  ' xsi:nil="true"',
  '\u0000',
  '\u0001',
  '\ufffe',
  '\ufeff',
  '\u00a0',
  '\u2028',
  '\u0085',
  '\r',
  '\r\n',
  '-->',
  '</ceb:guid>',
  '<ceb:guid>',
] as const

/** One message of any kind as our writer makes it, sometimes laid out or dressed differently. */
export const sound = (random: Random): string => {
  const entry = pick(random, entries)
  const documents = Array.from({ length: Math.min(2, entry.nodeMax) }, () =>
    generateDocument(entry, random, { shape: random() < 0.5 ? 'minimal' : 'random', lines: 2 }),
  )
  const text = signedMessage(entry, documents, generateHead(entry, random))
  return pick(random, dresses)(text)
}

const dresses: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`,
  (text) => text.replaceAll('><', '>\r\n\t<'),
  (text) => text.replaceAll('<ceb:', '<').replaceAll('</ceb:', '</').replace('xmlns:ceb', 'xmlns'),
  (text) => text.replaceAll('ceb:', 'q_1.:').replace('xmlns:ceb=', 'xmlns:q_1.='),
  (text) =>
    text
      .replaceAll('<ceb:', '<')
      .replaceAll('</ceb:', '</')
      .replace(' xmlns:ceb="http://www.chinaport.gov.cn/ceb"', ''),
]

/** A sound message with one to three changes made blindly. */
export const spoilt = (random: Random): string => {
  let text = sound(random)
  const changes = 1 + Math.floor(random() * 3)
  for (let i = 0; i < changes; i += 1) text = changed(text, random)
  return text
}

const changed = (text: string, random: Random): string => {
  const at = place(text, random)
  const kind = random()
  if (kind < 0.6) return text.slice(0, at) + pick(random, pieces) + text.slice(at)
  const end = Math.min(text.length, at + 1 + Math.floor(random() ** 3 * 60))
  if (kind < 0.8) return text.slice(0, at) + text.slice(end)
  if (kind < 0.9) return text.slice(0, end) + text.slice(at)
  return text.slice(0, at) + pick(random, pieces) + text.slice(end)
}

/** Anywhere, but preferably at the edge of a tag, where things go wrong. */
const place = (text: string, random: Random): number => {
  const at = Math.floor(random() * (text.length + 1))
  if (random() < 0.4) return at
  const edge = text.indexOf(pick(random, ['<', '>', '="', '</']), at)
  return edge < 0 ? at : edge + (random() < 0.5 ? 0 : 1)
}
