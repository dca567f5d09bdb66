/**
 * A world of few lists and many settlements of them, for the property of settlements: whatever is
 * handed in and told, in whatever order, goes through the stages of the gateway, and what was handed
 * in is kept beside it, to be counted again. Everybody in it is synthetic.
 */
import { findReferenceTable } from '../../src/catalogue/reference/index.ts'
import { act } from '../../src/flow/actions.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { loadReference } from '../../src/flow/reference.ts'
import { takeSettlements } from '../../src/flow/settlements.ts'
import { withdrawSettlement } from '../../src/flow/settlements-withdraw.ts'
import { stamp17 } from '../../src/kernel/clock.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { buyerId, listOf } from './buyers.ts'
import { customsSays } from './customs-says.ts'
import { listNumber, makeExportList } from './export-lists.ts'
import type { TestGateway } from './gateway.ts'
import type { Held, Listed, Returned } from './totals-recount.ts'

const DAY_MS = 24 * 3_600_000
/** What an export return says of the way back. */
const JOURNEY = {
  ...{ billNo: 'SYNMAWB1', trafMode: '5', trafName: 'SYN001', voyageNo: 'SY001' },
  ...{ portCode: '8011', country: '502' },
}

/** A list that may come: records can name it before it does. */
export interface Slot {
  readonly n: number
  readonly kind: Held['kind']
  readonly seller: string
  readonly direction: 'import' | 'export'
  readonly orderNo: string
  readonly made: (fen: number, currency: string, office: string) => Listed
  /** Undefined until it was handed in. */
  held: Held | undefined
}

export interface RecordLine {
  readonly slot: Slot
  readonly by: 'order' | 'list' | 'own'
  /** Hundredths of the record's currency. */
  readonly cents: bigint
}

/** A record as it was taken last. */
export interface Recorded {
  readonly number: string
  readonly id: string
  readonly version: number
  readonly state: 'in-force' | 'withdrawn'
  readonly nature: '1' | '2' | '3'
  /** The record that a refund or a restored one belongs to. */
  readonly of: string | undefined
  readonly seller: string
  readonly direction: '1' | '2' | '3' | '4'
  readonly currency: '142' | '502'
  /** yyyyMM of the value date. */
  readonly month: string
  readonly costs: bigint
  readonly lines: readonly RecordLine[]
}

export type Asked = Omit<Recorded, 'id' | 'version' | 'state'>

export type World = ReturnType<typeof settlementWorld>

/** Of a record: its sum, what moved, and that in fen at 7.1 for a dollar. */
export const figuresOf = ({
  lines,
  costs,
  currency,
}: Pick<Recorded, 'lines' | 'costs' | 'currency'>) => {
  const gross = lines.reduce((sum, { cents }) => sum + cents, 0n)
  const net = gross - costs
  return { gross, net, rmb: currency === '142' ? net : (net * 71n + 5n) / 10n }
}

const text = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`

export const settlementWorld = (gateway: TestGateway) => {
  const { deps, clock, cast } = gateway
  const slots: Slot[] = []
  const records = new Map<string, Recorded>()
  const returns: Returned[] = []
  /** `202610 502`: CNY for one unit, ten thousandths. */
  const rates = new Map<string, bigint>()
  let serial = 0

  /** `twin` has the order of another slot. */
  const open = (kind: Held['kind'], merchant: 0 | 1, twin?: Slot): Slot => {
    serial += 1
    const n = serial
    const slot = kind === 'CEB603' ? exportSlot(gateway, n, merchant, twin) : importSlot(gateway, n)
    slots.push(slot)
    return slot
  }

  const put = async (slot: Slot, fen: number, currency: string): Promise<void> => {
    if (slot.held !== undefined) return
    const list = slot.made(fen, currency, '8013')
    const { agentCode = '', copNo = '' } = list.InventoryHead
    const result = await hand(slot.kind, agentCode, list)
    if (result?.id === undefined) throw new Error(JSON.stringify(result))
    const invtNo = listNumber(slot.kind === 'CEB621' ? 'I' : 'E', 4000 + slot.n)
    slot.held = { id: result.id, kind: slot.kind, agentCode, copNo, invtNo, versions: [list] }
  }

  const hand = async (kind: string, agentCode: string, document: unknown) => {
    const answer = await takeDocuments(deps, { enterpriseId: agentCode }, [{ kind, document }])
    return answer.kind === 'taken' ? answer.results[0] : undefined
  }

  const change = async ({ held, made, n }: Slot, fen: number, currency: string, office: string) => {
    const [first] = held?.versions ?? []
    if (held === undefined || first === undefined) return
    serial += 1
    const two = (part: number): string => String(part % 60).padStart(2, '0')
    const { InventoryHead, InventoryList } = made(fen, currency, office)
    const head = {
      ...InventoryHead,
      ...{ appType: '2', appTime: `2026123110${two(Math.floor(serial / 60))}${two(serial)}` },
      guid: (first.InventoryHead.guid ?? '').replace(
        /^.{6}/,
        String(n * 100_000 + serial).slice(-6),
      ),
    }
    const list = { InventoryHead: head, InventoryList }
    const result = await hand(held.kind, held.agentCode, list)
    if (result?.version !== undefined && result.duplicate !== true) held.versions.push(list)
  }

  const say = async (
    { kind, agentCode, facts }: { kind: string; agentCode: string; facts: Record<string, string> },
    status: string,
    ago: number,
  ) => {
    const time = stamp17(new Date(clock.now().getTime() - ago * DAY_MS))
    const receiver = cast.all.find((one) => one.customsCode === agentCode)?.dxpId ?? ''
    const about = [{ agentCode, ...facts }]
    await takeReply(deps, customsSays({ kind, status, time, about, receiver }))
  }

  /** Asks customs to cancel the list or to take goods of it back, and customs answers. */
  const ask = async (
    { held }: Slot,
    verb: 'cancel' | 'return',
    { qty, status, ago }: { qty: string; status: string; ago: number },
  ) => {
    if (held === undefined) return
    const [line] = held.versions.at(-1)?.InventoryList ?? []
    const isBack = verb === 'return'
    const request = {
      ...{ reason: '合成原因', force: true },
      fields: { invtNo: held.invtNo, ...(held.kind === 'CEB603' && isBack ? JOURNEY : {}) },
      ...(isBack ? { lines: [{ gnum: line?.gnum ?? '', qty }] } : {}),
    }
    const answer = await act(deps, { enterpriseId: held.agentCode }, verb, held.id, request)
    const id = answer.kind === 'handed-in' ? answer.results[0]?.id : undefined
    if (answer.kind !== 'handed-in' || id === undefined) return
    const document = Object(answer.document)
    const { copNo, coElNo } = document.InvtRefundHead ?? document.InvtCancel ?? document
    if (isBack) returns.push({ of: held.id, id, gnum: line?.gnum ?? '', qty })
    const facts = coElNo === undefined ? { copNo } : { coElNo }
    await gateway.settle()
    const kind = answer.results[0]?.kind ?? ''
    // An export return is granted by its release.
    const told = kind === 'CEB213' && status === '399' ? '800' : status
    await say({ kind, agentCode: held.agentCode, facts }, told, ago)
  }

  /** Hands a record in; gives the codes it was refused with. */
  const settle = async (asked: Asked): Promise<readonly Fault[]> => {
    const before = records.get(asked.number)
    const version = (before?.version ?? 0) + 1
    const record = wire(asked, version, cast.payer.customsCode)
    const handed = [{ record, faults: [] }]
    const [result] = await takeSettlements(deps, { enterpriseId: cast.payer.customsCode }, handed)
    if (result?.id === undefined) return result?.faults ?? []
    records.set(asked.number, { ...asked, id: result.id, version, state: 'in-force' })
    return []
  }

  const withdraw = async (record: Recorded): Promise<readonly Fault[]> => {
    const caller = { enterpriseId: cast.payer.customsCode }
    const done = await withdrawSettlement(deps, caller, record.id, '合成原因')
    if (done.kind === 'wrong') return done.faults
    if (done.kind !== 'withdrawn') throw new Error(done.kind)
    records.set(record.number, { ...record, state: 'withdrawn', version: done.version })
    return []
  }

  const tellRate = async (month: string, rate: number): Promise<void> => {
    const table = findReferenceTable('exchange-rates')
    if (table === undefined) throw new Error('no such table')
    const told = `${Math.floor(rate / 10_000)}.${String(rate % 10_000).padStart(4, '0')}`
    const dashed = `${month.slice(0, 4)}-${month.slice(4)}`
    const csv = `currency,month,rate,announcedOn,source\n502,${dashed},${told},${dashed}-01,synthetic\n`
    const answer = await loadReference(deps, {
      ...{ table, given: {}, replace: false, dryRun: false, by: 'test' },
      bytes: (async function* () {
        yield Buffer.from(csv)
      })(),
    })
    if (answer.kind !== 'loaded') throw new Error(JSON.stringify(answer))
    rates.set(`${month} 502`, BigInt(rate))
  }

  return {
    ...{
      gateway,
      slots,
      records,
      returns,
      rates,
      open,
      put,
      change,
      ask,
      settle,
      withdraw,
      tellRate,
    },
    say: async ({ held }: Slot, status: string, ago: number): Promise<void> => {
      if (held === undefined) return
      const { kind, agentCode, copNo, invtNo } = held
      await say({ kind, agentCode, facts: { copNo, invtNo } }, status, ago)
    },
  }
}

const exportSlot = (
  { cast, clock }: TestGateway,
  n: number,
  merchant: 0 | 1,
  twin: Slot | undefined,
): Slot => {
  const own = cast.merchants[merchant] ?? cast.merchants[0]
  const orderNo = twin?.orderNo ?? `EO${String(4000 + n).padStart(7, '0')}`
  const head = {
    ...{ ebcCode: own.customsCode, ebcName: own.name, orderNo },
    ...{ ownerCode: own.customsCode, ownerName: own.name },
  }
  return {
    ...{ n, kind: 'CEB603', seller: own.customsCode, direction: 'export', orderNo },
    ...{ held: undefined },
    made: (fen, currency, office) => {
      const line = { currency, price: `${fen / 100}`, totalPrice: `${(3 * fen) / 100}` }
      const list = makeExportList({
        ...{ n: 4000 + n, cast, at: clock.now(), line },
        head: { ...head, customsCode: office },
      })
      // One line: a list of two currencies has none of its own.
      return { ...list, InventoryList: list.InventoryList.slice(0, 1) } as unknown as Listed
    },
  }
}

const importSlot = (gateway: TestGateway, n: number): Slot => {
  const { list } = gateway.consignment(3 * n + 2)
  const { ebcCode, orderNo } = list.InventoryHead
  return {
    ...{ n, kind: 'CEB621', seller: ebcCode, direction: 'import', orderNo, held: undefined },
    made: (fen, _, office) => {
      const settings = { buyer: buyerId(n), lines: [`${(3 * fen) / 100}`], qty: '3' }
      const customsCode = office === '8013' ? list.InventoryHead.customsCode : office
      const made = listOf(list, { ...settings, head: { customsCode } })
      const InventoryList = made.InventoryList.map((line) => ({ ...line, price: `${fen / 100}` }))
      return { ...made, InventoryList } as unknown as Listed
    },
  }
}

/** The record as an institution hands it in. */
const wire = (asked: Asked, version: number, institution: string) => {
  const { gross, net, rmb } = figuresOf(asked)
  const isDollar = asked.currency === '502'
  return {
    SettlementHead: {
      ...{ number: asked.number, institution, version: String(version), bank: '合成银行' },
      ...{ nature: asked.nature, direction: asked.direction, seller: asked.seller },
      ...(asked.of === undefined ? {} : { reference: asked.of }),
      ...{ periodFrom: `${asked.month}01`, periodTo: `${asked.month}28` },
      ...{ currency: asked.currency, gross: text(gross), net: text(net), rmb: text(rmb) },
      ...(asked.costs === 0n ? {} : { logistics: text(asked.costs) }),
      ...{ rate: isDollar ? '7.1' : '1', valueDate: `${asked.month}10` },
      bopCode: asked.costs === 0n ? '122030' : '999999',
    },
    SettlementList: asked.lines.map(({ slot, by, cents }) => ({
      ...namedBy(slot, by),
      amount: text(cents),
    })),
  }
}

const namedBy = (slot: Slot, by: RecordLine['by']): Record<string, string> => {
  if (by === 'order') return { orderNo: slot.orderNo }
  const list = slot.made(100, '142', '8013').InventoryHead
  return by === 'own'
    ? { listNo: list.copNo ?? '', agentCode: list.agentCode ?? '' }
    : { listNo: listNumber(slot.kind === 'CEB621' ? 'I' : 'E', 4000 + slot.n) }
}
