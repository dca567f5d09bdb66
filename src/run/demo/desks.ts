/**
 * What a played year alone leaves nobody to do: mandates, one of them about to lapse, an account book
 * with stock, consignments whose documents differ and wait, and settlement records. Enterprises,
 * numbers and amounts are synthetic, and chosen by the lists alone. It comes after the outcome was
 * read, and counts in no figure of it.
 */
import { bondedBook } from '../../catalogue/bonded-book.ts'
import { getDeclaration } from '../../catalogue/index.ts'
import { YUAN } from '../../catalogue/measures.ts'
import { natures } from '../../catalogue/settlement.ts'
import { zones } from '../../catalogue/zones/index.ts'
import { headOfDocument } from '../../codec/document.ts'
import { registerBook, visibleBook } from '../../flow/bonded-books.ts'
import { putBookItems } from '../../flow/bonded-items.ts'
import { enterMovements } from '../../flow/bonded-movements.ts'
import { giveMandate, mandatesOf } from '../../flow/mandates.ts'
import { takeSettlements } from '../../flow/settlements.ts'
import { followSettlements } from '../../flow/settlements-follow.ts'
import { openItems } from '../../flow/settlements-totals.ts'
import { addDays, chinaDay } from '../../kernel/clock.ts'
import { fraction, readAmount, times, writeFixed } from '../../kernel/fraction.ts'
import { accountBookOf, type Cast, makeConsignment, partsOf } from '../../sim/consignments.ts'
import { goodsTable } from '../../sim/goods.ts'
import type { RunningGateway } from '../node.ts'
import { type DemoEnterprises, idOf } from './enterprises.ts'
import { handIn } from './hand-in.ts'
import type { Ended } from './outcome.ts'

export interface DesksSettings {
  readonly gateway: RunningGateway
  readonly enterprises: DemoEnterprises
  readonly seed: number
  /** The lists of the year. */
  readonly lists: readonly Ended[]
}

export const furnishDesks = async (settings: DesksSettings): Promise<void> => {
  await giveMandates(settings)
  await keepBook(settings)
  await handInDiffering(settings)
  await settle(settings)
  await openMessage(settings)
}

// ---- mandates --------------------------------------------------------------------------------

/** Within the fortnight that the broker's overview looks ahead. */
const LAPSES_IN_DAYS = 12

/** Platform and merchant let the broker hand orders in, the warehouse lets the platform keep its book. */
const giveMandates = async ({ gateway, enterprises: { cast } }: DesksSettings): Promise<void> => {
  const { flow } = gateway
  const [broker] = cast.declarants
  const [merchant] = cast.merchants
  // An earlier demonstration in the same database gave them.
  const held = await mandatesOf(flow, await idOf(gateway, broker), { limit: 1 })
  if (held.mandates.length > 0) return
  const validFrom = chinaDay(flow.clock.now())
  const lapses = addDays(validFrom, LAPSES_IN_DAYS)
  const { warehouse } = bookOf(cast)
  const wanted = [
    { from: cast.platform, to: broker, kinds: ['CEB311'], validTo: null },
    { from: merchant, to: broker, kinds: ['CEB303', 'CEB311'], validTo: lapses },
    { from: warehouse, to: cast.platform, kinds: [bondedBook.code], validTo: null },
  ]
  for (const { from, to, kinds, validTo } of wanted) {
    const parties = { principalId: await idOf(gateway, from), agentId: await idOf(gateway, to) }
    const given = { ...parties, kinds, zones: [], validFrom, validTo }
    refuseWrong('mandate', await giveMandate(flow, given))
  }
}

// ---- an account book -------------------------------------------------------------------------

/** Of each item, in the unit it is sold in. */
const STOCK = '400'
const BOOK_ENTRY = 'SYN-IN-1'

const bookOf = ({ warehouses }: Cast) => {
  for (const zone of zones) {
    const warehouse = warehouses.get(zone.code)
    if (warehouse !== undefined) return { zone, warehouse, emsNo: accountBookOf(zone) }
  }
  throw new Error('no zone has a warehouse')
}

const keepBook = async ({ gateway, enterprises: { cast } }: DesksSettings): Promise<void> => {
  const { flow } = gateway
  const { zone, warehouse, emsNo } = bookOf(cast)
  const caller = { enterpriseId: await idOf(gateway, warehouse) }
  refuseWrong('book', await registerBook(flow, caller, { emsNo, zone: zone.code }))
  const book = await visibleBook(flow, caller, emsNo)
  if (book === undefined) throw new Error(`book ${emsNo} is not kept here`)
  const rowsOf = (records: readonly object[]) => records.map((record) => ({ record, faults: [] }))
  const items = goodsTable.map(({ itemNo: itemRecordNo, name: gname, unit, hs: gcode }) => ({
    ...{ itemRecordNo, gname, unit, gcode },
  }))
  refuseWrong('items', await putBookItems(flow, book, rowsOf(items)))
  // The same entry once more, of a later demonstration, is the same entry.
  const rows = rowsOf(items.map(({ itemRecordNo }) => ({ itemRecordNo, qty: STOCK })))
  const entry = { number: BOOK_ENTRY, kind: 'entry', reason: undefined, rows } as const
  refuseWrong('stock', await enterMovements(flow, book, { caller, userId: undefined }, entry))
}

// ---- consignments whose documents differ -----------------------------------------------------

/** What one document says otherwise than the others, each of a consignment of its own. */
const DIFFERENCES: readonly {
  readonly kind: string
  readonly group: string
  readonly field: string
  readonly value: string
}[] = [
  { kind: 'CEB411', group: 'PaymentHead', field: 'amountPaid', value: '1.00' },
  { kind: 'CEB621', group: 'InventoryHead', field: 'buyerName', value: '测试买家9999' },
]

/** They wait until somebody corrects them, or sends them as they are. */
const handInDiffering = async (settings: DesksSettings): Promise<void> => {
  const { gateway, enterprises, seed, lists } = settings
  const { cast } = enterprises
  const [declarant] = cast.declarants
  const { zone } = bookOf(cast)
  const common = { seed, zone, mode: '1210', at: gateway.flow.clock.now() } as const
  const items = DIFFERENCES.flatMap(({ kind: differing, group, field, value }, place) => {
    const own = { ...common, n: lists.length + place }
    const made = makeConsignment({ ...own, enterprises: { ...cast, declarants: [declarant] } })
    return partsOf(made).map(({ kind, document }) => ({
      ...{ entry: getDeclaration(kind), expected: undefined, fate: undefined },
      document:
        kind === differing
          ? {
              ...document,
              [group]: { ...headOfDocument(getDeclaration(kind), document), [field]: value },
            }
          : document,
    }))
  })
  await handIn({ url: gateway.url, enterprises }, items)
}

// ---- settlements -----------------------------------------------------------------------------

const EVERYBODY = { enterpriseId: '', operator: true }
const OPEN_LISTS = 200
const { actual, refund } = natures
const [RMB_IN, RMB_OUT] = ['3', '4'] as const
/** 网络购物. */
const ONLINE_SALES = '122030'

interface Settling {
  readonly list: Ended
  readonly amount: string
  readonly nature?: string
  /** Of the record that is refunded, in its place. */
  readonly refunds?: number
}

/**
 * Records of the payment firm: one that settles a list and a refund of a quarter of it, one that
 * settles half of another, one for goods that came in, one whose list customs did not release.
 */
const settle = async (settings: DesksSettings): Promise<void> => {
  const { gateway, enterprises, lists } = settings
  const { flow } = gateway
  await followSettlements(flow)
  const { openLists } = await openItems(flow, EVERYBODY, { of: 'lists', limit: OPEN_LISTS })
  const open = (openLists ?? []).flatMap(({ id, open: amount, currency }) => {
    const list = lists.find((each) => each.id === id)
    return list === undefined || amount === null || currency !== YUAN ? [] : [{ list, amount }]
  })
  const [first, second] = open.filter(({ list }) => list.entry.direction === 'export')
  const import1 = open.find(({ list }) => list.entry.direction === 'import')
  const refused = lists.find(
    ({ entry, group }) => entry.direction === 'export' && group === 'refused',
  )
  const wanted: readonly Settling[] = [
    ...(first === undefined
      ? []
      : [first, { ...first, amount: shareOf(first.amount, 4n), nature: refund, refunds: 0 }]),
    ...(second === undefined ? [] : [{ ...second, amount: shareOf(second.amount, 2n) }]),
    ...(import1 === undefined ? [] : [import1]),
    ...(refused === undefined ? [] : [{ list: refused, amount: '88.00' }]),
  ]
  const payer = { enterpriseId: await idOf(gateway, enterprises.cast.payer) }
  const rows = wanted.map((each, place) => ({
    record: recordOf(settings, each, place),
    faults: [],
  }))
  const results = await takeSettlements(flow, payer, rows)
  for (const { id, faults = [] } of results)
    if (id === undefined) throw new Error(`settlement: ${JSON.stringify(faults)}`)
}

/** One of so many parts, to the fen. */
const shareOf = (amount: string, parts: bigint): string =>
  writeFixed(times(readAmount(amount), fraction(1n, parts)), 2)

const recordOf = (
  { gateway, enterprises, seed }: DesksSettings,
  { list, amount, nature = actual, refunds }: Settling,
  place: number,
) => {
  const head = headOfDocument(list.entry, list.document)
  const day = chinaDay(gateway.flow.clock.now()).replaceAll('-', '')
  const numberAt = (at: number) => `SYN-${seed.toString(36)}-${at + 1}`.toUpperCase()
  const gross = shareOf(amount, 1n)
  return {
    SettlementHead: {
      ...{ number: numberAt(place), version: '1', nature, bank: '渝关合成银行' },
      ...(refunds === undefined ? {} : { reference: numberAt(refunds) }),
      ...{ institution: enterprises.cast.payer.customsCode, seller: head.ebcCode },
      direction: list.entry.direction === 'export' ? RMB_IN : RMB_OUT,
      ...{ periodFrom: `${day.slice(0, 6)}01`, periodTo: day, valueDate: day },
      ...{ currency: YUAN, gross, net: gross, rate: '1', rmb: gross, bopCode: ONLINE_SALES },
    },
    SettlementList: [{ listNo: head.copNo, agentCode: head.agentCode, amount: gross }],
  }
}

// ---- the log of accesses ---------------------------------------------------------------------

/** The broker opens what was sent of a list, so that the log has a line. */
const openMessage = async ({ gateway, enterprises, lists }: DesksSettings): Promise<void> => {
  const [broker] = enterprises.cast.declarants
  const list = lists.find(({ owner, group }) => owner === broker.customsCode && group === 'done')
  if (list === undefined) return
  const headers = { authorization: `Bearer ${enterprises.keys.get(list.owner) ?? ''}` }
  const answer = await fetch(`${gateway.url}/api/v1/documents/${list.id}/message.xml`, { headers })
  if (!answer.ok) throw new Error(`message.xml: HTTP ${answer.status}`)
}

// ---- what is refused -------------------------------------------------------------------------

/** All of it is meant to be taken: what is not ends the demonstration, as for documents. */
const refuseWrong = (what: string, answer: { readonly kind: string }): void => {
  if (!TAKEN.has(answer.kind)) throw new Error(`${what}: ${JSON.stringify(answer)}`)
}

const TAKEN: { has(kind: string): boolean } = new Set([
  ...['mandate', 'registered', 'known', 'put', 'entered'],
])
