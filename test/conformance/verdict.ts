/**
 * What our reader and check say of a message, and why that may differ from what the official schema
 * says: only for the reasons that `codec/differences.ts` lists.
 */
import type { AnyDocument, Message } from '../../src/catalogue/message.ts'
import { trimBlanks } from '../../src/codec/blanks.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { type Stricter, strictnessOf, wider } from '../../src/codec/differences.ts'
import { readMessage } from '../../src/codec/read.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { type Mutant, textAt, textsOf } from './spoil.ts'

export interface OurVerdict {
  /** Faults that refuse the message as a whole, or keep it from being one. */
  readonly message: readonly Fault[]
  /** Faults that refuse its documents, with pointers into the document. */
  readonly document: readonly Fault[]
  readonly warnings: readonly Fault[]
  /** Documents as they would be written. */
  readonly documents: readonly AnyDocument[]
}

const encoder = new TextEncoder()

export const ourVerdict = (entry: Message, xml: string): OurVerdict => {
  const read = readMessage(encoder.encode(xml))
  if (read.kind === 'unreadable')
    return { message: read.faults, document: [], warnings: [], documents: [] }
  const judged = read.message.documents.map((one) => ({
    faults: one.faults,
    ...{ checked: checkDocument(entry, one.document) },
  }))
  const found = judged.flatMap(({ faults, checked }) => [...faults, ...checked.faults])
  const refuses = ({ severity }: Fault): boolean => severity === 'error'
  return {
    message: read.message.faults.filter(refuses),
    document: found.filter(refuses),
    warnings: [...read.message.faults, ...found].filter((fault) => !refuses(fault)),
    documents: judged.map(({ checked }) => checked.document),
  }
}

/** The lines of the list under which we refuse what the schema takes; throws for what has none. */
export const reasonsToRefuse = (
  entry: Message,
  { root }: Mutant,
  verdict: OurVerdict,
): readonly Stricter[] => {
  return [...verdict.message, ...verdict.document].map((fault) => {
    const value = textAt(root, entry, fault.pointer)
    const line = strictnessOf(entry, fault, value)
    if (line === undefined) throw new Error(`${fault.code} ${fault.pointer} ${value}`)
    return line
  })
}

/** The lines of the list under which we may take what the schema refuses. */
export const reasonsToTake = (
  entry: Message,
  { root, signed }: Mutant,
  verdict: OurVerdict,
): readonly (keyof typeof wider)[] => {
  const warned = (word: string): boolean =>
    verdict.warnings.some(({ code }) => code.endsWith(`-${word}`))
  const received = entry.sort !== 'declaration'
  const holds: Readonly<Record<keyof typeof wider, boolean>> = {
    blanks: textsOf(root).some((text) => trimBlanks(text) !== text),
    transfer: warned('REPEATED'),
    unsigned: entry.sort === 'declaration' && entry.signature === 'required' && !signed,
    extension: warned('NOT_KEPT'),
    namespace: root.attributes['xmlns:ceb'] === undefined,
    customs:
      received &&
      ['UNKNOWN', 'MISPLACED', 'ATTRIBUTE', 'WRONG_LENGTH', 'MISSING'].some((word) => warned(word)),
    longer: received && hasLonger(entry),
    table: false,
  }
  return (Object.keys(wider) as (keyof typeof wider)[]).filter((name) => holds[name])
}

const hasLonger = (entry: Message): boolean =>
  'fields' in entry.body &&
  Object.values(entry.body.fields).some((field) => field.readMax !== undefined)
