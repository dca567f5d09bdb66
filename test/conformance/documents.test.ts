/**
 * What we write is what the official schema wants: generated documents of every kind, minimal,
 * maximal and random, and again after `yuguan parse` and `yuguan build`; the same for every
 * official sample at hand.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import type { AnyDocument, Message } from '../../src/catalogue/message.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { strictnessOf } from '../../src/codec/differences.ts'
import { readMessage } from '../../src/codec/read.ts'
import { writeMessage } from '../../src/codec/write.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { verifyMessage } from '../../src/signing/verify.ts'
import { generateDocument, seeded } from '../support/documents.ts'
import { generateHead, signedMessage } from '../support/messages.ts'
import { openCommands } from './command.ts'
import { isThere, officialReferee, officialSample, sideOf } from './official.ts'

const SEED = 202205
const RANDOM_PER_KIND = 200
/** Documents of one random message; more would only make the test slow. */
const DOCUMENTS_PER_MESSAGE = 25

const entries: readonly Message[] = messages
const each = entries.map((entry) => [entry.code, entry] as const)

/** Generated documents of a kind, laid out as messages. */
const batchesOf = (entry: Message): readonly (readonly AnyDocument[])[] => {
  const random = seeded(SEED)
  const alone = (['minimal', 'maximal'] as const).map((shape) => [
    generateDocument(entry, random, { shape, lines: shape === 'maximal' ? 99 : 1 }),
  ])
  const size = Math.min(DOCUMENTS_PER_MESSAGE, entry.nodeMax)
  const rest = Array.from({ length: Math.ceil(RANDOM_PER_KIND / size) }, () =>
    Array.from({ length: size }, () => generateDocument(entry, random)),
  )
  return [...alone, ...rest]
}

const textIn = (document: AnyDocument, { pointer }: Fault): string =>
  String(
    pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((inner, token) => Object(inner)[token], document),
  )

describe.skipIf(!isThere)('the official schemas', () => {
  const commands = openCommands()
  let written = 0
  afterAll(() => {
    commands.close()
    console.log(`conformance: ${written} documents held against the official schemas`)
  })
  const refusal = (entry: Message, xml: string): string | undefined =>
    officialReferee(sideOf(entry)).refusal(xml)

  it.each(each)(
    `%s: ${RANDOM_PER_KIND + 2} generated documents are valid as written, and after parse and build`,
    async (_, entry) => {
      const random = seeded(SEED + 1)
      for (const documents of batchesOf(entry)) {
        for (const document of documents)
          expect(checkDocument(entry, document)).toEqual({ faults: [], document })
        const head = generateHead(entry, random)
        expect(refusal(entry, signedMessage(entry, documents, head))).toBeUndefined()
        const { canonical } = writeMessage(entry, documents, head)
        const again = await commands.thereAndBack(canonical, '--unsigned')
        // Nothing is lost on the way, not even the trailer.
        expect(again.out).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${canonical}\n`)
        const signed = await commands.thereAndBack(canonical)
        expect(signed.code).toBe(0)
        expect(refusal(entry, signed.out)).toBeUndefined()
        written += documents.length
      }
    },
  )

  it.each(each.filter(([code]) => officialSample(code) !== undefined))(
    '%s: its official sample is read, and valid after parse and build',
    async (code, entry) => {
      const sample = officialSample(code) ?? new Uint8Array()
      const read = readMessage(sample)
      if (read.kind !== 'message') throw new Error(JSON.stringify(read.faults))
      const { message } = read
      expect(message.documents.length).toBeGreaterThan(0)
      // What its publisher filled in for want of a value, our check may refuse; the schema does not.
      for (const one of message.documents) {
        expect(one.faults).toEqual([])
        const { faults } = checkDocument(entry, one.document)
        for (const fault of faults.filter(({ severity }) => severity === 'error'))
          expect(strictnessOf(entry, fault, textIn(one.document, fault))?.words).toEqual([
            'NOT_ALLOWED',
          ])
      }
      // Several export samples carry BaseTransfer twice, by their publisher's mistake.
      const broken = refusal(entry, new TextDecoder().decode(sample)) !== undefined
      const warnings = broken ? [`${code}-BaseTransfer-REPEATED`] : []
      expect(message.faults.map((fault) => fault.code)).toEqual(warnings)
      const built = await commands.thereAndBack(sample)
      expect(built.code).toBe(0)
      expect(refusal(entry, built.out)).toBeUndefined()
      if (entry.sort === 'declaration')
        expect(verifyMessage(new TextEncoder().encode(built.out)).kind).toBe('valid')
      written += message.documents.length
    },
  )
})
