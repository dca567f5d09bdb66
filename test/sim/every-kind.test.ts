/** Every kind of the catalogue at the office: its path, its way, and every manner of going it. */
import { describe, expect, it } from 'vitest'
import { situationCode } from '../../src/catalogue/error-codes.ts'
import { declarations, findMessage, messages } from '../../src/catalogue/index.ts'
import type { Declaration } from '../../src/catalogue/message.ts'
import { officialStatus } from '../../src/catalogue/statuses.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { keyOf } from '../../src/codec/document.ts'
import { endOf, fateOfMark } from '../../src/sim/fates.ts'
import { canMake, pathTo } from '../../src/sim/paths.ts'
import { ADDRESSES } from '../../src/sim/types.ts'
import { businessXml, inEnvelopeTo, last, statuses } from './office.ts'
import { walk } from './paths.ts'

const rows = declarations.map((entry) => [entry.code, entry] as const)

const wayOf = ({ reply }: Declaration): readonly string[] => {
  const found = findMessage(reply)
  return found?.sort === 'reply' ? found.way : []
}

describe('every declaration', () => {
  it('has a maker', () => {
    expect(declarations.filter(({ code }) => !canMake(code)).map(({ code }) => code)).toEqual([])
  })

  it.each(rows)('%s goes the way of the catalogue and ends well', async (code, entry) => {
    const { office, made, arrived } = await walk(entry)
    const document = made.get(code) ?? {}
    const { faults, document: checked } = checkDocument(entry, document)
    expect(faults).toEqual([])
    // Already in wire order and without blanks: the check changes nothing.
    expect(JSON.stringify(checked)).toBe(JSON.stringify(document))
    expect(statuses(arrived, entry.reply)).toEqual(wayOf(entry))
    const end = last(arrived, entry.reply)
    expect(entry.done).toContain(officialStatus(end?.returnStatus ?? '').state)
    // Replies carry the key of the document and come from the system of its direction.
    const [number] = keyOf(entry, document)
    expect(end).toMatchObject({ [entry.key[0]]: number })
    const sender = ADDRESSES[entry.direction === 'export' ? 'export' : 'import']
    for (const each of arrived.filter(({ kind }) => kind === entry.reply))
      expect(each.senderId).toBe(sender)
    expect(office.customs.books().document(code, keyOf(entry, document))?.versions).toBe(1)
  })

  it.each(rows)('%s is refused as new again, and when changed after signing', async (...row) => {
    const [code, entry] = row
    const { office, made } = await walk(entry)
    const document = made.get(code) ?? {}
    await office.send(code, [document])
    const again = statuses(office.settle(), entry.reply)
    expect(again).toEqual([situationCode(code, 'duplicate') ?? '-1'])
    const signed = await businessXml(code, [document], 'F'.repeat(36))
    const changed = Buffer.from(signed).toString().replace('<ceb:appTime>20', '<ceb:appTime>21')
    office.customs.receive(inEnvelopeTo(code, 'F'.repeat(36), Buffer.from(changed)))
    const forged = statuses(office.settle(), entry.reply)
    expect(forged).toEqual([situationCode(code, 'bad-signature') ?? '-1'])
  })
})

describe('every mark', () => {
  const marks = ['-R1300', '-R4711', '-SILENT', '-LATE', '-TWICE', '-BACKWARDS', '-GARBAGE']
  const cases = [...marks, '-N301001', '-CEB900', '-UNKNOWN', '-DRAFT'].flatMap((mark) =>
    declarations.map((entry) => [mark, entry.code, entry] as const),
  )

  it.each(cases)('%s befalls %s', async (mark, _, entry) => {
    const { arrived } = await walk(entry, mark, { verify: 'none' })
    const own = arrived.filter(({ kind }) => kind === entry.reply)
    const wanted = endOf(fateOfMark(mark), entry)
    if (mark === '-SILENT') expect(own).toEqual([])
    else if (mark === '-CEB900')
      expect(last(arrived, 'CEB900')?.oriMessageType).toBe(`${entry.code}Message`)
    else expect(officialStatus(last(arrived, entry.reply)?.returnStatus ?? '').state).toBe(wanted)
    const count = wayOf(entry).length
    if (mark === '-TWICE') expect(own).toHaveLength(4 * count)
    if (mark === '-BACKWARDS')
      expect(own.map(({ fields }) => fields.returnTime)).not.toEqual(
        own.map(({ fields }) => fields.returnTime).sort(),
      )
    if (mark === '-GARBAGE') expect(arrived.some(({ kind }) => kind === 'unreadable')).toBe(true)
  })
})

describe('every reply and notice', () => {
  it('comes in on one of the paths', async () => {
    const seen = new Set<string>()
    for (const [, entry] of rows)
      for (const fate of [...new Set(['', entry.needs === undefined ? '' : '-TAX', '-CEB900'])])
        for (const { kind } of (await walk(entry, fate, { verify: 'none' })).arrived) seen.add(kind)
    const wanted = messages.filter(({ sort }) => sort !== 'declaration').map(({ code }) => code)
    expect(wanted.filter((code) => !seen.has(code))).toEqual([])
  })
})

describe('the path', () => {
  it('follows from what a kind waits for and acts upon', () => {
    const kinds = (code: string) => {
      const entry = declarations.find((each) => each.code === code)
      return entry === undefined ? [] : pathTo(entry).map((each) => each.code)
    }
    expect(kinds('CEB311')).toEqual(['CEB311'])
    expect(kinds('CEB621')).toEqual(['CEB311', 'CEB411', 'CEB511', 'CEB621'])
    expect(kinds('CEB215')).toEqual(['CEB303', 'CEB505', 'CEB403', 'CEB603', 'CEB213', 'CEB215'])
  })
})
