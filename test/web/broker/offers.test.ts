/**
 * What the page that corrects once offers and chooses beforehand, over HTTP: to a declarant who sees
 * his lists alone, and to one whom a mandate shows the order too.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { causeFields } from '../../../src/catalogue/cause-fields.ts'
import { resultText } from '../../../src/catalogue/result-codes.ts'
import { stamp17 } from '../../../src/kernel/clock.ts'
import { type Part, partsOf } from '../../../src/sim/consignments.ts'
import { troubles } from '../../../src/sim/troubles.ts'
import { offersFor } from '../../../src/web/broker/offers.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from '../../http/app.ts'
import { customsSays } from '../../support/customs-says.ts'
import { type DeskPage, type Reader, signedIn } from '../../support/desk.ts'
import { movingClock, START } from '../../support/gateway.ts'
import { settled } from '../../support/refused.ts'
import { softenRules } from '../../support/soften-rules.ts'

const EACH = 2
const PATH = '/broker/rejections/correct'
const READ = '请补正原产国，见 2026 年通知'

const clock = movingClock(START)
let test: TestApp
let broker: Reader

/** A cause without any fault of the documents. */
const plain = (cause: string, status: string, info: string) => ({
  ...{ cause, status, info },
  spoil: (consignment: Parameters<typeof partsOf>[0]) => partsOf(consignment),
})

const refusals = [
  ...troubles.map(({ cause, code, spoil }) => ({
    ...{ cause, status: '100', info: resultText(code), spoil },
  })),
  plain('yearly-limit', '100', resultText('1313')),
  plain('not-forwarded', '4', ''),
  plain('not-registered', '100', resultText('22001')),
  plain('rejected-by-officer', '100', resultText('1300', READ)),
]

const handIn = async (parts: readonly Part[]): Promise<void> => {
  const { platform, payer, carrier, declarants } = test.cast
  const owners = { CEB311: platform, CEB411: payer, CEB511: carrier, CEB621: declarants[0] }
  for (const [kind, owner] of Object.entries(owners)) {
    const documents = parts.flatMap((part) => (part.kind === kind ? [part.document] : []))
    const answer = await test.fetch(
      '/api/v1/documents',
      json(test.account(owner).key, { kind, documents }),
    )
    expect(answer.status, await answer.clone().text()).toBe(200)
  }
  await settled(test)
}

const refuse = async (status: string, info: string, parts: readonly Part[]): Promise<void> => {
  clock.advance(1000)
  const receiver = test.cast.declarants[0].dxpId
  const said = customsSays({
    ...{ kind: 'CEB621', status, time: stamp17(clock.now()), receiver },
    about: parts.flatMap(({ kind, document }) =>
      kind === 'CEB621'
        ? [{ ...(document.InventoryHead as Record<string, string>), returnInfo: info }]
        : [],
    ),
  })
  const answer = await test.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: new Uint8Array(said),
  })
  expect(answer.status).toBe(202)
  await settled(test)
}

beforeAll(async () => {
  test = await testApp({ clock })
  const { platform, payer, carrier, declarants } = test.cast
  for (const each of [platform, payer, carrier, declarants[0]])
    await softenRules(test, test.account(each).id)
  // Customs answers lists here, and nothing of what they wait for.
  await test.database.db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
  const made = refusals.map((refusal, r) => ({
    ...refusal,
    parts: Array.from({ length: EACH }, (_, i) =>
      refusal.spoil(test.consignment(r * 100 + i + 1), i),
    ).flat(),
  }))
  await handIn(made.flatMap(({ parts }) => parts))
  for (const { status, info, parts } of made) await refuse(status, info, parts)
  broker = await signedIn(test, declarants[0])
})
afterAll(() => test.close())

const formOf = (cause: string): Promise<DeskPage> =>
  broker.get(`${PATH}?cause=${cause}&kind=CEB621`)

const chosen = ({ dom }: DeskPage) => ({
  how: dom.querySelector('input[name=how][checked]')?.getAttribute('value') ?? '',
  field: dom.querySelector('select[name=field] option[selected]')?.getAttribute('value') ?? '',
})

const offered = ({ dom }: DeskPage): readonly string[] =>
  dom.querySelectorAll('input[name=how]').map((one) => one.getAttribute('value') ?? '')

const HAND = ['value', 'mapping', 'as-is']

describe('a declarant who sees his lists alone', () => {
  it.each(refusals)('is offered what can work: $cause', async ({ cause }) => {
    const page = await formOf(cause)
    expect(page.status).toBe(200)
    expect(offered(page)).toEqual(HAND)
  })

  it.each([
    // Customs compared two documents of others: once they are right the list goes again.
    ...['amount-differs', 'buyer-is-not-payer', 'payment-firm-differs'],
    // Nothing is wrong with the list.
    ...['not-forwarded', 'not-registered'],
  ])('sends again as it is what needs no change: %s', async (cause) => {
    const form = { cause, kind: 'CEB621' }
    const { how, field } = chosen(await formOf(cause))
    expect({ how, field }).toEqual({ how: 'as-is', field: '' })
    const preview = await broker.post(PATH, { ...form, how })
    expect(preview.status).toBe(200)
    expect(preview.text).toContain(`将更正并重报 ${EACH} 份单证`)
  })

  it.each([
    ['buyer-phone-differs', 'buyerTelephone', '13900001000', '13800000000'],
    ['buyer-differs-on-list', 'buyerName', '合成0', '合成甲'],
    ['lines-differ', 'InventoryList/gname', '合成商品0', '合成商品甲'],
  ])('sets by hand what the other side says: %s', async (cause, field, before, after) => {
    const page = await formOf(cause)
    expect(chosen(page)).toEqual({ how: 'mapping', field })
    expect(page.text).toContain('与电子订单（进口）对照的更正方式未列出')
    const preview = await broker.post(PATH, {
      ...{ cause, kind: 'CEB621', ...chosen(page), mapping: `${before} => ${after}` },
    })
    expect(preview.status).toBe(200)
    expect(preview.text).toContain('将更正并重报 1 份单证')
  })

  it('is not led to another identity where a limit is used up', async () => {
    const form = { cause: 'yearly-limit', kind: 'CEB621' }
    const page = await formOf(form.cause)
    expect(chosen(page).how).toBe('')
    expect(page.text).toContain('不允许更正：')
    const names = page.dom
      .querySelectorAll('select[name=field] option')
      .map((option) => option.getAttribute('value'))
    expect(names).toContain('buyerTelephone')
    for (const field of ['buyerName', 'buyerIdType', 'buyerIdNumber']) {
      expect(names).not.toContain(field)
      const told = await broker.post(PATH, { ...form, how: 'value', field, value: '1' })
      expect(told.status).toBe(422)
      expect(told.text).toContain('此原因的办法不允许更正')
    }
    expect((await broker.post(PATH, { ...form, how: 'take-0' })).text).toContain('请选择怎样更正')
  })

  it('is asked for the value that a required field needs', async () => {
    const form = { cause: 'buyer-differs-on-list', kind: 'CEB621', how: 'value' }
    const told = await broker.post(PATH, { ...form, field: 'buyerName' })
    expect(told.status).toBe(422)
    expect(told.text).toContain('该字段必填')
    expect(chosen(told)).toEqual({ how: 'value', field: 'buyerName' })
  })

  it('reads on the card what the officer wrote', async () => {
    const { dom } = await broker.get('/broker/rejections')
    const card = dom
      .querySelectorAll('.cause')
      .find((each) => each.querySelector('h2')?.text.includes('审单关员'))
    expect(card?.text).toContain(READ)
  })
})

describe('a declarant whom a mandate shows the order', () => {
  beforeAll(async () => {
    const agentId = test.account(test.cast.declarants[0]).id
    const principalId = test.account(test.cast.platform).id
    const answer = await test.fetch(
      '/api/v1/mandates',
      json(test.operatorKey, {
        ...{ principalId, agentId, kinds: ['CEB311'], validFrom: '2020-01-01' },
      }),
    )
    expect(answer.status).toBe(201)
    broker = await signedIn(test, test.cast.declarants[0])
  })

  it.each(['buyer-phone-differs', 'buyer-differs-on-list', 'lines-differ'])(
    'takes its word: %s',
    async (cause) => {
      const page = await formOf(cause)
      const { how } = chosen(page)
      expect(how).toMatch(/^take-/)
      expect(page.text).not.toContain('未列出')
      const preview = await broker.post(PATH, { cause, kind: 'CEB621', how })
      expect(preview.status).toBe(200)
      expect(preview.text).toContain(`将更正并重报 ${EACH} 份单证`)
    },
  )

  it('takes none of a payment that he still does not see', async () => {
    const page = await formOf('amount-differs')
    expect(offered(page)).toEqual(HAND)
    expect(page.text).toContain('与支付凭证对照的更正方式未列出')
  })
})

describe('of a field that three documents have', () => {
  const value = (kind: string, said: string | null, group: string, name = 'buyerName') => ({
    ...{ id: said === null ? null : kind, kind, pointer: `/${group}/${name}`, value: said },
  })
  const chosenOf = (list: string, order: string | null, payment: string | null) => {
    const values = [
      value('CEB621', list, 'InventoryHead'),
      value('CEB311', order, 'OrderHead'),
      value('CEB411', payment, 'PaymentHead', 'payerName'),
    ]
    const { how, takes, unseen } = offersFor({
      ...{ cause: 'real-name', kind: 'CEB621', count: 1, fields: causeFields['real-name'] ?? [] },
      documents: [{ id: 'CEB621', kind: 'CEB621', fields: [{ equal: false, values }] }],
    })
    const { kind, from } = takes.find((take) => take.how === how)?.suggestion ?? {}
    return { how: kind === undefined ? how : `${kind} from ${from}`, unseen }
  }

  it('the side is taken that differs for certain', () => {
    expect(chosenOf('合成甲', '合成乙', '合成乙').how).toBe('CEB621 from CEB311')
    expect(chosenOf('合成甲', '合成甲', '合成乙').how).toBe('CEB621 from CEB411')
  })

  it('none is taken from what is not seen', () => {
    expect(chosenOf('合成甲', null, '合成乙')).toEqual({
      ...{ how: 'CEB621 from CEB411', unseen: ['CEB311'] },
    })
    expect(chosenOf('合成甲', null, null)).toEqual({ how: 'value', unseen: ['CEB311', 'CEB411'] })
  })
})
