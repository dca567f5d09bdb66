/**
 * What the office writes and what the makers make, against the official schemas of 202205: a
 * simulator that says what customs could not say would teach the gateway wrong things.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { create } from 'xmlbuilder2'
import { declarations, findMessage, getDeclaration } from '../../src/catalogue/index.ts'
import { fates } from '../../src/sim/fates.ts'
import { replyXml } from '../../src/sim/reply-xml.ts'
import { isThere, officialReferee, type Side, sideOf } from '../conformance/official.ts'
import { canonical } from '../support/schemas.ts'
import { businessXml, consignment, statuses, testOffice } from './office.ts'
import { walk } from './paths.ts'

const CONSIGNMENTS = 1_000
let checked = 0

describe.skipIf(!isThere)('against the official schema', () => {
  const referees = isThere
    ? { import: officialReferee('import'), export: officialReferee('export') }
    : undefined
  const refusal = (xml: Uint8Array, direction: Side = 'import') => {
    checked += 1
    return referees?.[direction].refusal(Buffer.from(xml).toString())
  }

  afterAll(() => console.log(`conformance: ${checked} messages of the simulator checked`))

  it('every reply of every fate is valid', async () => {
    const office = testOffice({ taxBills: 'all' })
    for (const [n, fate] of fates.entries()) await office.sendConsignment(consignment(n, fate.mark))
    await office.send('CEB311', [{ ...consignment(1).order, OrderHead: { guid: 'no order' } }])
    const arrived = office.settle().filter(({ kind }) => kind !== 'unreadable')
    expect(statuses(arrived, 'CEB900').length).toBe(2)
    for (const { xml } of arrived) expect(refusal(xml)).toBeUndefined()
  })

  it.each(declarations.map((entry) => [entry.code, entry] as const))(
    'everything on the path to %s is valid, both ways',
    async (_, entry) => {
      const { made, arrived } = await walk(entry, '', { verify: 'none', taxBills: 'all' })
      for (const [kind, document] of made) {
        const direction = sideOf(getDeclaration(kind))
        const xml = await businessXml(kind, [document], 'E'.repeat(36))
        expect(refusal(xml, direction)).toBeUndefined()
      }
      expect(arrived.length).toBeGreaterThan(0)
      for (const { kind, xml } of arrived) {
        const answer = findMessage(kind)
        if (answer === undefined) throw new Error(`unknown ${kind}`)
        expect(refusal(xml, sideOf(answer))).toBeUndefined()
      }
    },
  )

  it(`${CONSIGNMENTS} synthetic consignments are valid, signature and all`, async () => {
    for (let n = 0; n < CONSIGNMENTS; n += 100) {
      const made = Array.from({ length: 100 }, (_, i) => consignment(n + i))
      for (const [kind, part] of [
        ['CEB311', 'order'],
        ['CEB411', 'payment'],
        ['CEB511', 'waybill'],
        ['CEB621', 'list'],
      ] as const) {
        const documents = made.map((each) => each[part])
        expect(refusal(await businessXml(kind, documents, 'E'.repeat(36)))).toBeUndefined()
      }
    }
  })
})

describe('reply XML', () => {
  it('is what an XML library writes of the same fields', () => {
    const entry = findMessage('CEB622')
    if (entry === undefined) throw new Error('no CEB622')
    const fields = {
      guid: 'F'.repeat(36),
      customsCode: '8013',
      copNo: 'a&b<c>"d"',
      preNo: 'B20250618000000001',
      returnStatus: '120',
      returnTime: '20250618100000000',
      returnInfo: '[Code:1800;Desc:逻辑校验通过]',
    }
    const guid = '0'.repeat(36)
    const namespace = 'http://www.chinaport.gov.cn/ceb'
    const root = create().ele(namespace, 'CEB622Message', { guid, version: '1.0' })
    const node = root.ele(namespace, 'InventoryReturn')
    for (const [name, value] of Object.entries(fields)) node.ele(namespace, name).txt(value)
    expect(canonical(replyXml(entry, [fields], guid))).toBe(canonical(root.end()))
  })

  it('touches tags only: a value that looks like one stays as it is', () => {
    const entry = findMessage('CEB312')
    if (entry === undefined) throw new Error('no CEB312')
    const returnInfo = '<ceb:orderNo> xmlns:ceb="x" </ceb:orderNo>'
    const xml = replyXml(entry, [{ orderNo: 'A', returnInfo }], '0'.repeat(36))
    expect(xml).toContain('&lt;ceb:orderNo&gt; xmlns:ceb="x" &lt;/ceb:orderNo&gt;')
  })
})
