/**
 * Golden files: `test/golden/<code>/<case>.json` is a list of documents as handed in. Valid ones
 * must give exactly `<case>.xml`, faulty ones exactly `<case>.faults.json`. Cases are found by
 * folder; `UPDATE_GOLDEN=1` writes what is given now, and the diff is to be read as the change. Our
 * bytes are never their own witness: a general library writes the same message, libxml2 brings it
 * into canonical form, and our schema takes it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findMessage, messages } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { readMessage } from '../../src/codec/read.ts'
import type { MessageHead } from '../../src/codec/types.ts'
import { writeMessage } from '../../src/codec/write.ts'
import { xsdOf } from '../../src/codec/xsd.ts'
import { signatureXsd } from '../../src/codec/xsd-signature.ts'
import { composeWithXmlbuilder2 } from '../../src/run/bench/oracles.ts'
import { signedMessage } from '../support/messages.ts'
import { canonical as canonicalXml, refereeOf } from '../support/schemas.ts'

const folder = fileURLToPath(new URL('../golden/', import.meta.url))
const updates = process.env.UPDATE_GOLDEN === '1'

const cases = readdirSync(folder).flatMap((code) =>
  readdirSync(folder + code)
    .filter((file) => file.endsWith('.json') && !file.endsWith('.faults.json'))
    .map((file) => [code, file.replace(/\.json$/, '')] as const),
)

const headOf = (entry: Message): MessageHead => {
  const guid = '00000000-0000-4000-8000-000000000001'
  if (entry.sort !== 'declaration') return { guid }
  const transfer = { copCode: '5000000006', copName: '合成报关企业', dxpId: 'DXPENT0000000001' }
  return { guid, trailer: { transfer } }
}

const schemasOf = (entry: Message) => ({ main: xsdOf(entry), 'xmldsig.xsd': signatureXsd() })

/** Compares with the file, or writes it. */
const expectFile = (path: string, text: string): void => {
  if (updates) writeFileSync(path, text)
  expect(text).toBe(readFileSync(path, 'utf8'))
}

describe('golden files', () => {
  it('are there for every kind', () => {
    for (const entry of messages) expect(cases.map(([code]) => code)).toContain(entry.code)
  })

  it.each(cases)('%s %s', (code, name) => {
    const entry = findMessage(code)
    if (entry === undefined) throw new Error(`${code} is not in the catalogue`)
    const base = `${folder}${code}/${name}`
    const documents: readonly unknown[] = JSON.parse(readFileSync(`${base}.json`, 'utf8'))
    const checked = documents.map((document) => checkDocument(entry, document))
    const faults = checked.map((one) => one.faults)
    if (faults.some((some) => some.length > 0)) {
      expectFile(`${base}.faults.json`, `${JSON.stringify(faults, undefined, 2)}\n`)
      expect(existsSync(`${base}.xml`)).toBe(false)
      return
    }
    const given = checked.map((one) => one.document)
    const { canonical } = writeMessage(entry, given, headOf(entry))
    expectFile(`${base}.xml`, canonical)
    const head = headOf(entry)
    // xmlbuilder2 takes a text like &amp; for an escape and leaves it; libxml2 answers for those.
    if (JSON.stringify(given).includes('&')) expect(canonicalXml(canonical)).toBe(canonical)
    else expect(canonicalXml(composeWithXmlbuilder2(entry, given, head))).toBe(canonical)
    expect(refereeOf(schemasOf(entry), 'main').refusal(signedMessage(entry, given, head))).toBe(
      undefined,
    )
    expect(existsSync(`${base}.faults.json`)).toBe(false)
    const result = readMessage(new TextEncoder().encode(canonical))
    if (result.kind !== 'message') throw new Error('unreadable')
    expect(result.message.documents.map((one) => one.document)).toEqual(given)
  })
})
