/**
 * libxml2 as the referee: schemas loaded from memory under the names they include each other by,
 * well-formedness and canonical form as libxml2 sees them.
 */
import {
  XmlBufferInputProvider,
  XmlDocument,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm'

export interface Referee {
  /** Undefined when it accepts, else what it says. */
  refusal(xml: string): string | undefined
  /** The same of a document that was parsed before. */
  refusalOf(document: XmlDocument): string | undefined
}

/** What each of them says of one message; a broken one is refused by all. */
export const refusals = (
  xml: string,
  referees: readonly Referee[],
): readonly (string | undefined)[] => {
  try {
    using document = XmlDocument.fromString(xml)
    return referees.map((referee) => referee.refusalOf(document))
  } catch (error) {
    return referees.map(() => String(error))
  }
}

const encoder = new TextEncoder()
/** One for all: libxml2 has room for a handful of providers only. */
const provider = new XmlBufferInputProvider({})
xmlRegisterInputProvider(provider)
let schemas = 0

/** A validator for `files[main]`; the other files are found by the names they are included by. */
export const refereeOf = (
  files: Readonly<Record<string, string | Uint8Array>>,
  main: string,
): Referee => {
  schemas += 1
  const folder = `memory-${schemas}/`
  const buffers = new Map(
    Object.entries(files).map(([name, content]) => [
      name,
      typeof content === 'string' ? encoder.encode(content) : content,
    ]),
  )
  for (const [name, bytes] of buffers) provider.addBuffer(folder + name, bytes)
  const text = buffers.get(main)
  if (text === undefined) throw new Error(`no schema ${main}`)
  const schema = XmlDocument.fromBuffer(text, { url: folder + main })
  const validator = XsdValidator.fromDoc(schema)
  return {
    refusal: (xml) =>
      told(() => {
        using document = XmlDocument.fromString(xml)
        validator.validate(document)
      }),
    refusalOf: (document) => told(() => validator.validate(document)),
  }
}

/** Undefined for well-formed XML with sound namespaces, else what libxml2 says. */
export const malformation = (xml: string | Uint8Array): string | undefined =>
  told(() => {
    using _ = parsed(xml)
  })

/** Inclusive C14N 1.0 without comments. */
export const canonical = (xml: string): string => {
  using document = XmlDocument.fromString(xml)
  return document.canonicalizeToString()
}

const parsed = (xml: string | Uint8Array): XmlDocument =>
  typeof xml === 'string' ? XmlDocument.fromString(xml) : XmlDocument.fromBuffer(xml)

const told = (act: () => void): string | undefined => {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
