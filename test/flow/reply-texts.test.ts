/** What customs says: told with meaning, cause, who acts and cure; kept without a person's name. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  findDocument,
  listDocuments,
  listUnknownCodes,
  timelineOf,
} from '../../src/flow/queries.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { listReplies } from '../../src/flow/reply-trouble.ts'
import { eventSealContext } from '../../src/flow/reply-words.ts'
import { customsTells, taxBillStatus } from '../support/customs-tells.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { importListReply } from '../support/replies.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }
const TIME = '20261015120000000'
/** Synthetic, and nowhere else in the database. */
const PERSON = '欧阳合成'

/** A list that was sent and has no reply of its own to come. */
const silentList = async (n: number) => {
  const made = gateway.consignment(n, '-SILENT')
  await gateway.handIn([made])
  await gateway.settle()
  const { copNo = '', agentCode } = made.list.InventoryHead
  const { documents } = await listDocuments(gateway.deps, operator, {
    q: made.orderNo,
    kind: 'CEB621',
  })
  const receiver = gateway.cast.declarants.find((each) => each.customsCode === agentCode)?.dxpId
  const [list] = documents
  if (list === undefined || receiver === undefined) throw new Error('no list')
  const say = async (status: string, info: string, time = TIME, invtNo?: string) => {
    const said = { copNo, agentCode, status, time, info, receiver, ...(invtNo && { invtNo }) }
    const { id } = await takeReply(gateway.deps, importListReply(said))
    await gateway.settle()
    return id
  }
  return { id: list.id, agentCode, receiver, say }
}

const shown = async (id: string, as: { enterpriseId: string; operator?: boolean } = operator) => {
  const view = await findDocument(gateway.deps, as, id)
  const timeline = await timelineOf(gateway.deps, as, id)
  return { reason: view?.reason, last: timeline?.at(-1) }
}

const eventsOf = (id: string) =>
  gateway.deps.db
    .selectFrom('event')
    .select(['key', 'info', 'sealed_info', 'result_codes', 'return_status'])
    .where('document_id', '=', id)
    .where('reply_id', 'is not', null)
    .orderBy('seq')
    .execute()

const countOf = async (kind: string, sort: string, code: string): Promise<number> => {
  const { codes } = await listUnknownCodes(gateway.deps)
  return (
    codes.find((row) => row.kind === kind && row.sort === sort && row.code === code)?.count ?? 0
  )
}

describe('a refused list', () => {
  it('says why, who acts and what he does, in its story and on itself', async () => {
    const { id, agentCode, say } = await silentList(1)
    await say('100', '[Code:1327;Desc:订购人与支付人信息不一致]')
    const { reason, last } = await shown(id, { enterpriseId: agentCode })
    expect(reason).toMatchObject({
      returnStatus: '100',
      known: true,
      zh: '海关退单',
      en: 'Rejected by customs',
      info: '[Code:1327;Desc:订购人与支付人信息不一致]',
      results: [{ code: '1327', known: true, description: '订购人与支付人信息不一致' }],
      cause: { name: 'buyer-is-not-payer' },
      actors: [{ name: 'platform' }, { name: 'payer' }],
    })
    expect(reason?.cure.zh).toContain('支付企业核对支付人')
    expect(reason?.cure.en).toContain('the payment firm the payer')
    expect(last).toMatchObject({ state: 'rejected', zh: '海关退单', reason })
  })

  it('by the e-port says what its code means for that kind', async () => {
    const { id, say } = await silentList(2)
    await say('-621018', '订购人将超过年度交易限值')
    expect((await shown(id)).reason).toMatchObject({
      zh: '订购人将超过年度交易限值',
      results: [],
      cause: { name: 'quota-exceeded' },
    })
    expect(await eventsOf(id)).toMatchObject([{ info: '订购人将超过年度交易限值' }])
  })

  it('for several reasons shows them all, and leads with one that somebody can mend', async () => {
    const { id, say } = await silentList(3)
    await say('100', '[Code:99001;Desc:合成][Code:1320;Desc:][Code:1322;Desc:品名],另附说明')
    const { reason } = await shown(id)
    expect(reason?.results.map(({ code, known }) => [code, known])).toEqual([
      ['99001', false],
      ['1320', true],
      ['1322', true],
    ])
    expect(reason?.cause.name).toBe('line-count-differs')
    expect(reason?.info).toContain('另附说明')
    expect(await eventsOf(id)).toMatchObject([{ result_codes: ['99001', '1320', '1322'] }])
  })

  it('shows the reason of where it stands, not of what was said before', async () => {
    const { id, say } = await silentList(4)
    await say('300', '[Code:1200;Desc:待人工审核]', '20261015110000000')
    expect((await shown(id)).reason).toBeNull()
    await say('100', '[Code:1300;Desc:人工退单]')
    await say('100', '[Code:1313;Desc:]', '20261015113000000')
    expect((await shown(id)).reason?.cause.name).toBe('rejected-by-officer')
  })
})

describe('a list that went through', () => {
  it('keeps every usual text open, with its codes, and asks nobody for anything', async () => {
    const made = gateway.consignment(10)
    await gateway.handIn([made])
    await gateway.settle()
    const { documents } = await listDocuments(gateway.deps, operator, { q: made.orderNo })
    expect(documents).toHaveLength(4)
    for (const { id, kind } of documents) {
      const sealed = (await eventsOf(id)).filter((event) => event.sealed_info !== null)
      expect(sealed.length, kind).toBe(0)
      const { reason, last } = await shown(id)
      expect(reason, kind).toBeNull()
      expect(last?.reason, kind).toMatchObject({
        cause: { name: 'finished' },
        actors: [{ name: 'nobody' }],
      })
    }
    const list = documents.find(({ kind }) => kind === 'CEB621')
    expect((await eventsOf(list?.id ?? '')).map((event) => event.result_codes)).toEqual([
      null,
      ['1800'],
      ['2600'],
      null,
    ])
  })
})

describe('a text that quotes a person', () => {
  const text = `[Code:1300;Desc:收件人${PERSON}地址不详]`

  it('is sealed for its event, and open only for who may see the document', async () => {
    const { id, agentCode, say } = await silentList(20)
    await say('100', text)
    const [event] = await eventsOf(id)
    expect(event).toMatchObject({ info: null, result_codes: ['1300'] })
    const sealed = event?.sealed_info ?? new Uint8Array()
    const { sealer } = gateway.deps
    expect(() => sealer.open(sealed, eventSealContext({ documentId: id, key: 'other' }))).toThrow()
    expect((await shown(id, { enterpriseId: agentCode })).reason).toMatchObject({
      info: text,
      results: [{ code: '1300', description: `收件人${PERSON}地址不详` }],
    })
    const stranger = gateway.caller(gateway.cast.carrier)
    expect(await shown(id, stranger)).toEqual({ reason: undefined, last: undefined })
  })

  it('lies open in no table, whether its document is found or not', async () => {
    const { receiver } = await silentList(21)
    const said = { copNo: 'NOBODY-T', agentCode: '', status: '4712', time: TIME, receiver }
    await takeReply(gateway.deps, importListReply({ ...said, info: text }))
    await takeReply(gateway.deps, exchangeReply([['1001', `证书持有人${PERSON}`]]))
    await gateway.settle()
    const { db } = gateway.deps
    const tables = await sql<{ name: string }>`select table_name as name
      from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(
      db,
    )
    expect(tables.rows.length).toBeGreaterThan(15)
    const hex = Buffer.from(PERSON).toString('hex')
    for (const { name } of tables.rows) {
      const { rows } = await sql<{ row: string }>`
        select t::text as row from ${sql.table(name)} t`.execute(db)
      const told = rows.filter(({ row }) => row.includes(PERSON) || row.includes(hex))
      expect(told, name).toEqual([])
    }
    expect(await countOf('CEB621', 'status', '4712')).toBe(1)
  })
})

describe('a code that nobody published', () => {
  it('is shown, and counted once for each time it was said', async () => {
    const first = await silentList(30)
    const second = await silentList(31)
    await first.say('100', '[Code:88001;Desc:合成]')
    await first.say('100', '[Code:88001;Desc:合成] 再次')
    const reply = await second.say('778', '[Code:88001;Desc:合成]')
    expect(await countOf('CEB621', 'result', '88001')).toBe(2)
    expect(await countOf('CEB621', 'status', '778')).toBe(1)
    const { codes } = await listUnknownCodes(gateway.deps)
    expect(codes.find(({ code }) => code === '88001')).toMatchObject({ replyId: reply })
    expect((await shown(first.id)).reason).toMatchObject({
      known: true,
      results: [{ code: '88001', known: false, zh: '未知结果代码' }],
      cause: { name: 'unknown-result' },
    })
    expect((await shown(second.id)).reason).toMatchObject({
      known: false,
      zh: '未知状态',
      cause: { name: 'unknown-status' },
    })
  })

  it('beside a status in which nobody need act alarms nobody', async () => {
    const { id, say } = await silentList(32)
    await say('800', '[Code:88002;Desc:合成]')
    const { last } = await shown(id)
    expect(last?.reason).toMatchObject({ cause: { name: 'finished' } })
    expect(await countOf('CEB621', 'result', '88002')).toBe(1)
  })

  it('that is no number is counted without being repeated', async () => {
    const { id, say } = await silentList(33)
    await say('未知', '合成')
    expect((await shown(id)).last).toMatchObject({ state: 'unknown', returnStatus: '未知' })
    expect(await countOf('CEB621', 'status', '?')).toBe(1)
  })

  it('of a notice that waits for its list is counted once, whenever the list gets its number', async () => {
    const made = await silentList(34)
    const invtNo = '801020261900000034'
    const bill = taxBillStatus({ invtNo, taxNo: 'T34', status: '9', time: TIME })
    const bytes = customsTells('CEB818', [bill], made.receiver)
    await takeReply(gateway.deps, bytes)
    await gateway.settle()
    expect(await countOf('CEB818', 'status', '9')).toBe(1)
    expect((await findDocument(gateway.deps, operator, made.id))?.notices).toEqual([])
    await made.say('120', '[Code:1800;Desc:逻辑校验通过]', TIME, invtNo)
    await gateway.settle()
    const view = await findDocument(gateway.deps, operator, made.id)
    expect(view?.notices).toMatchObject([{ status: '9' }])
    expect(await countOf('CEB818', 'status', '9')).toBe(1)
  })

  it('leaves the known ones out', async () => {
    const { codes } = await listUnknownCodes(gateway.deps)
    expect(codes.map(({ code }) => code)).not.toContain('1300')
    expect(codes.map(({ code }) => code)).not.toContain('-621018')
  })
})

describe('refusals', () => {
  it('fold by their codes in one query', async () => {
    const { rows } = await sql<{ code: string; documents: string }>`
      select c.code, count(distinct e.document_id) as documents
      from document_state s
      join event e on e.lane = s.lane and e.document_id = s.id and e.version = s.version
        and e.return_time = s.return_time and e.return_status = s.return_status
      cross join unnest(e.result_codes) as c(code)
      where s.state = 'rejected' group by 1 order by 1`.execute(gateway.deps.db)
    expect(Object.fromEntries(rows.map((row) => [row.code, Number(row.documents)]))).toMatchObject({
      '1300': 2,
      '1320': 1,
      '1327': 1,
    })
  })
})

describe('the exchange platform', () => {
  it('is understood by its codes; its texts are read from the sealed bytes', async () => {
    const bytes = exchangeReply([
      ['2001', '接收方不存在'],
      ['4711', ''],
    ])
    const { id } = await takeReply(gateway.deps, bytes)
    await gateway.settle()
    const { replies } = await listReplies(gateway.deps, { state: 'unmatched' })
    expect(replies.find((each) => each.id === id)).toMatchObject({
      kind: 'DxpRep',
      problem: 'NO_MESSAGE',
      responses: [
        {
          ...{ code: '2001', known: true, description: '接收方不存在' },
          cause: { name: 'exchange-routing' },
          actors: [{ name: 'operator' }],
        },
        { code: '4711', known: false, description: null, cause: { name: 'exchange-unknown' } },
      ],
    })
    expect(await countOf('DxpRep', 'exchange', '4711')).toBe(1)
    const customs = replies.find((each) => each.kind === 'CEB622')
    expect(customs?.responses).toBeNull()
  })
})

const exchangeReply = (said: readonly (readonly [code: string, info: string])[]): Uint8Array => {
  const responses = said.map(
    ([code, info]) =>
      `<Response><ResponseCode>${code}</ResponseCode><ResponseInfo>${info}</ResponseInfo>` +
      '<NoticeTime>2026-10-15</NoticeTime></Response>',
  )
  return Buffer.from(
    `<DxpRep xmlns="http://www.chinaport.gov.cn/dxp" ver="1.0">${responses.join('')}</DxpRep>`,
  )
}
