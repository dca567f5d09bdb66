/**
 * Where our check and the official schema part on purpose, each place with its reason: what the
 * check refuses although the schema takes it, and what the reader takes although the schema refuses
 * it. `docs/stricter.md` is made from these lists, and the conformance suite holds them to be
 * complete: any other difference is a defect. Which fields a line is about follows from the
 * catalogue.
 */
import type { Field } from '../catalogue/field.ts'
import type { Message } from '../catalogue/message.ts'
import type { Fault } from '../kernel/fault.ts'
import { LINES_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { trimBlanks } from './blanks.ts'
import { leastOf, whensOf } from './rule.ts'
import { shapeOf } from './shape.ts'
import type { What } from './texts.ts'
import { trailerShapesOf } from './trailer.ts'

export interface Stricter {
  /** Last words of the faults that tell it. */
  readonly words: readonly What[]
  readonly title: string
  readonly reason: string
  /** Fields it is about; undefined when it is about no field in particular. */
  readonly concerns?: (field: Field) => boolean
  /** Narrows it to values, as they stand in the message before blanks are taken off. */
  readonly when?: (value: string) => boolean
  /** What customs sends is held to it as well. */
  readonly received: boolean
}

const isBlank = (value: string): boolean => value.trim() === ''

/** In the order of the page. */
export const stricter: readonly Stricter[] = [
  {
    words: ['MISSING', 'EMPTY'],
    title: 'Required by the published field table',
    reason:
      'The schema leaves the field optional, the table requires it. Customs checks by both, so what either requires is sent.',
    concerns: (field) => field.textRequires === true,
    received: false,
  },
  {
    words: ['REQUIRED_WHEN'],
    title: 'Required in the case that the table names',
    reason:
      'A schema cannot say "when"; customs answers with an error when such a field is not there.',
    concerns: (field) => whensOf(field).length > 0,
    received: false,
  },
  {
    words: ['EMPTY'],
    title: 'Required, and left empty',
    reason:
      'Where the schema sets no least length, a required element may stand there empty. It then says nothing of what is required.',
    concerns: (field) => field.required && field.kind === 'text' && leastOf(field) === 0,
    received: false,
  },
  {
    words: ['EMPTY'],
    title: 'Empty, and filled in by the schema',
    reason:
      'The schema puts its own value in place of an empty element. A receiver who reads without the schema sees an empty one, so the value is to be written.',
    concerns: (field) => field.schemaDefault !== undefined || field.fixed !== undefined,
    received: true,
  },
  {
    words: ['EMPTY', 'REQUIRED_WHEN'],
    title: 'Blanks alone',
    reason: 'A text of nothing but blanks is long enough for the schema, and says nothing.',
    concerns: (field) => field.kind === 'text',
    when: isBlank,
    received: true,
  },
  {
    words: ['WRONG_LENGTH', 'TOO_SHORT', 'NOT_A_TIME'],
    title: 'Blanks at the ends count',
    reason:
      'For the schema they are characters. We take them off before a value is measured, compared or sent.',
    concerns: (field) => field.kind === 'text',
    when: (value) => trimBlanks(value) !== value,
    received: true,
  },
  {
    words: ['NOT_ALLOWED'],
    title: 'One of the published values',
    reason: 'The schema only counts characters; the table names the values there are.',
    concerns: (field) => field.values !== undefined && field.fixed === undefined,
    received: false,
  },
  {
    words: ['NOT_A_TIME'],
    title: 'A moment that exists',
    reason:
      'The schema only counts digits, if that: 20230229000000 would pass. Replies are ordered by their moment, lists are counted by it.',
    concerns: (field) => field.moment !== undefined,
    received: true,
  },
  {
    words: ['NOT_DECIMAL', 'NOT_INTEGER'],
    title: 'Numbers in one form',
    reason:
      'The schema also takes +5, .5 and 5. as numbers. Systems behind it that compare texts or parse strictly do not.',
    concerns: (field) => field.kind !== 'text',
    when: (value) => /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(trimBlanks(value)),
    received: true,
  },
  {
    words: ['TOO_MANY_DIGITS'],
    title: 'Digits counted as written',
    reason:
      'The schema counts the digits of the number, without zeros in front and behind; columns of a database hold what is written.',
    concerns: (field) => field.kind !== 'text',
    when: (value) => /^[+-]?0|\.\d*0$/.test(trimBlanks(value)),
    received: true,
  },
  {
    words: ['TOO_LONG'],
    title: 'The shorter of two published lengths',
    reason: 'The table allows less than the schema. What is sent keeps to the shorter.',
    concerns: (field) => field.textMax !== undefined,
    received: false,
  },
  {
    words: ['TOO_SMALL'],
    title: 'Counted from one',
    reason: 'Parts and their numbers start at 1; the schema takes any whole number.',
    concerns: (field) => field.least !== undefined,
    received: false,
  },
  {
    words: ['ABOVE'],
    title: 'Not above its partner',
    reason:
      'Part 3 of 2, or a period that ends before it starts, is never complete; the schema looks at one field at a time.',
    concerns: (field) => field.notAbove !== undefined,
    received: false,
  },
  {
    words: ['TOO_MANY_LINES'],
    title: `At most ${LINES_PER_DOCUMENT_MAX.toLocaleString('en')} lines where the schema sets no bound`,
    reason:
      'A document is checked, kept and signed as one. The standard splits longer ones by msgCount and msgSeqNo.',
    received: false,
  },
  {
    words: ['ATTRIBUTE'],
    title: 'No attributes inside',
    reason:
      'A schema lets xsi:type, xsi:nil and xsi:schemaLocation stand on any element. The standard has none of them.',
    received: true,
  },
]

/** What the reader takes although the official schema refuses it. */
export interface Wider {
  readonly title: string
  readonly reason: string
}

export const wider = {
  blanks: {
    title: 'Blanks at the ends of a value',
    reason:
      'Real messages have tabs and spaces behind numbers. They are taken off, and not sent on.',
  },
  transfer: {
    title: 'BaseTransfer twice',
    reason:
      'Several official export samples are published so. Taken with a warning (REPEATED); the first counts, and one is written.',
  },
  unsigned: {
    title: 'No signature where the schema wants one',
    reason:
      'Documents are handed in before they are signed: the gateway signs every message it sends. Whether a signature holds is not the reader’s question but that of `verify`.',
  },
  extension: {
    title: 'ExtendMessage of any content',
    reason: 'It is read over with a warning (NOT_KEPT), whatever it holds, and never written.',
  },
  namespace: {
    title: 'No namespace at all',
    reason: 'Some clients strip it from replies before they hand them on.',
  },
  customs: {
    title: 'What customs sends: an addition, another order, a root without its guid or version',
    reason:
      'A warning each (UNKNOWN, MISPLACED, ATTRIBUTE, WRONG_LENGTH): the status of a document must get home.',
  },
  longer: {
    title: 'What customs sends: the longer of two published lengths',
    reason: 'Written the shorter, read the longer.',
  },
  table: {
    title: 'What customs sends: fields that only the published table has',
    reason: 'Real tax bills carry them. Read when they are there, never written.',
  },
} as const satisfies Readonly<Record<string, Wider>>

/** Field at a fault's pointer into a document or a trailer; undefined for what is no field. */
export const fieldAt = (entry: Message, pointer: string): Field | undefined => {
  const path = pointer.split('/').slice(1)
  const shape = shapeOf(entry)
  const [name = ''] = path
  const trailer = shape.hasTrailer ? trailerShapesOf(entry).get(name) : undefined
  const group = trailer ?? (shape.flat ? shape.head : shape.byName.get(name))
  return group?.byName.get(path.at(-1) ?? '')?.field
}

/**
 * The line of `stricter` that a fault of a document or trailer comes under; `value` is what stands at its
 * pointer in the message. Undefined: the official schema must refuse the document as well.
 */
export const strictnessOf = (
  entry: Message,
  fault: Fault,
  value: string | undefined,
): Stricter | undefined => {
  const word = fault.code.slice(fault.code.lastIndexOf('-') + 1)
  const field = fieldAt(entry, fault.pointer)
  return stricter.find(
    (line) =>
      line.words.some((one) => one === word) &&
      (line.received || entry.sort === 'declaration') &&
      (line.concerns === undefined || (field !== undefined && line.concerns(field))) &&
      (line.when === undefined || (value !== undefined && line.when(value))),
  )
}
