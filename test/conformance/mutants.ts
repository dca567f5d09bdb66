/**
 * The suite of spoilt messages, for all kinds that one official schema speaks of: our schema and
 * the official one accept and refuse alike, and our check refuses what the official one refuses,
 * but for the differences that are listed with their reason.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { perEntry } from '../../src/codec/shape.ts'
import { xsdOf } from '../../src/codec/xsd.ts'
import { signatureXsd } from '../../src/codec/xsd-signature.ts'
import { generateDocument, seeded } from '../support/documents.ts'
import { generateHead, signedMessage } from '../support/messages.ts'
import { type Referee, refereeOf, refusals } from '../support/schemas.ts'
import { isThere, officialReferee, sideOf, speaksOf } from './official.ts'
import { type Mutant, spoilt } from './spoil.ts'
import { ourVerdict, reasonsToRefuse, reasonsToTake } from './verdict.ts'

const SEED = 202205
const MUTANTS_PER_KIND = 1_000

const entries: readonly Message[] = messages

export const ours = perEntry(
  (entry: Message): Referee =>
    refereeOf({ 'main.xsd': xsdOf(entry), 'xmldsig.xsd': signatureXsd() }, 'main.xsd'),
)

export const suiteOfMutants = (direction: 'import' | 'export'): void => {
  const each = entries
    .filter((entry) => speaksOf(direction, entry))
    .map((entry) => [entry.code, entry] as const)
  let judged = 0
  describe.skipIf(!isThere)(`spoilt messages and the official ${direction} schema`, () => {
    const official = isThere ? officialReferee(direction) : undefined
    const refusal = (xml: string): string | undefined => official?.refusal(xml)
    afterAll(() => console.log(`conformance: ${judged} spoilt ${direction} messages judged`))

    it.each(each)(`%s: ${MUTANTS_PER_KIND} of them judged alike`, (_, entry) => {
      const random = seeded(SEED + Number(entry.code.slice(3)))
      const judges = [officialReferee(direction), ours(entry)]
      let refused = 0
      for (let i = 0; i < MUTANTS_PER_KIND; i += 1) {
        const mutant = spoilt(entry, random)
        const [theirs, own] = refusals(mutant.xml, judges)
        if (theirs !== undefined) refused += 1
        const said = `${mutant.how}: ${theirs}\n${mutant.xml}`
        expect(own === undefined, said).toBe(theirs === undefined)
        if (theirs === undefined) expectListed(entry, mutant, said)
        else expectRefused(entry, mutant, said)
        judged += 1
      }
      // A test of refusals that refuses nothing would prove nothing.
      expect(refused).toBeGreaterThan(MUTANTS_PER_KIND / 4)
      expect(refused).toBeLessThan(MUTANTS_PER_KIND)
    })

    it.each(each)('%s: as many documents and lines as the official schema takes', (_, entry) => {
      const random = seeded(SEED + 2)
      const own = ours(entry)
      const head = generateHead(entry, random)
      const one = generateDocument(entry, random, { shape: 'minimal', lines: 1 })
      const agree = (xml: string): boolean => {
        const taken = refusal(xml) === undefined
        expect(own.refusal(xml) === undefined).toBe(taken)
        return taken
      }
      const { nodeMax } = entry
      for (const count of [0, 1, 2, 100, 101, 150]) {
        const xml = signedMessage(entry, Array(count).fill(one), head)
        expect(agree(xml)).toBe(count >= 1 && count <= nodeMax)
      }
      for (const [name, value] of Object.entries(one)) {
        if (!Array.isArray(value)) continue
        for (const count of [0, 1, 98, 99, 100, 101, 500]) {
          const document = { ...one, [name]: Array(count).fill(value[0]) }
          agree(signedMessage(entry, [document], head))
        }
      }
    })
  })
}

/** Taken by the schema: refused by us only for a reason on the list. */
const expectListed = (entry: Message, mutant: Mutant, said: string): void => {
  const verdict = ourVerdict(entry, mutant.xml)
  expect(() => reasonsToRefuse(entry, mutant, verdict), said).not.toThrow()
}

/** Refused by the schema: by us too, or taken for a reason on the list and written validly. */
const expectRefused = (entry: Message, mutant: Mutant, said: string): void => {
  const verdict = ourVerdict(entry, mutant.xml)
  if (verdict.message.length + verdict.document.length > 0) return
  const reasons = reasonsToTake(entry, mutant, verdict)
  expect(reasons, said).not.toEqual([])
  if (reasons.includes('longer')) return
  const written = signedMessage(entry, verdict.documents, generateHead(entry, seeded(SEED)))
  expect(officialReferee(sideOf(entry)).refusal(written), said).toBeUndefined()
}
