/** Import lists of a chosen buyer and value, and what customs says of them. */
import type { Consignment } from '../../src/sim/consignments.ts'
import { buyerOf } from '../../src/sim/synthetic.ts'

/** A buyer that belongs to nobody; the same number gives the same one. */
export const buyerId = (n: number): string => buyerOf(77, n).id

type List = Consignment['list']

export interface ListSettings {
  readonly buyer: string
  /** CNY of each line, each of one piece unless `qty` says more. */
  readonly lines: readonly string[]
  readonly qty?: string
  readonly freight?: string
  readonly insuredFee?: string
  readonly head?: Partial<List['InventoryHead']>
}

/** The list with another buyer and other goods; everything else stays. */
export const listOf = (list: List, settings: ListSettings): List => {
  const { buyer, lines, qty = '1', freight = '0', insuredFee = '0', head = {} } = settings
  const [first] = list.InventoryList
  if (first === undefined) throw new Error('a list without lines')
  return {
    InventoryHead: { ...list.InventoryHead, buyerIdNumber: buyer, freight, insuredFee, ...head },
    InventoryList: lines.map((totalPrice, index) => ({
      ...first,
      ...{ gnum: String(index + 1), qty, totalPrice },
      price: String(Number(totalPrice) / Number(qty)),
    })),
  }
}
