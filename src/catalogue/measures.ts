/**
 * What totals measure: seeds of the table `measure`, which is then edited in the database; an edition
 * counts from its day on. Each says where it comes from and how sure it is, as the figures of rules do.
 */
export interface MeasureSeed {
  readonly scope: 'declared' | 'released' | 'settled' | 'policy'
  readonly validFrom: string
  /** Scopes of the ledger that are added up. */
  readonly parts: readonly ('declared' | 'released' | 'settled')[]
  readonly zh: string
  readonly en: string
  readonly confidence: 'A' | 'B' | 'M' | 'I'
  readonly source: string
}

/** CNY among the codes of currencies that messages use; figures are told in it. */
export const YUAN = '142'

/** Nothing in this system is older. */
const FROM = '2012-01-01'

export const measures: readonly MeasureSeed[] = [
  {
    ...{ scope: 'declared', validFrom: FROM, parts: ['declared'] },
    zh: '已申报口径：海关已答复且未退单、未撤销、未退运的进口清单与出口申报清单的商品总价之和；按海关最新接受的版本计（被退单的修改不替代原版本），计入该版本首次获答复的北京时间月份；外币按该月海关计征汇率折人民币',
    en: 'Declared: sum of line totals of import and export lists that customs has answered and not refused, cancelled or sent back; by the newest version that it took (a refused amendment replaces nothing), in the China-time month of its first answer; other currencies at the rate of customs for that month',
    ...{ confidence: 'I', source: 'docs/totals.md' },
  },
  {
    ...{ scope: 'released', validFrom: FROM, parts: ['released'] },
    zh: '已放行口径：海关放行（含结关）的进口清单与出口申报清单的商品总价之和；每份清单计一次，计入首次放行的北京时间月份；退单、撤销、退运不计；获准退货的商品价值自获准月份扣减；外币按计入月份的海关计征汇率折人民币',
    en: 'Released: sum of line totals of import and export lists that customs released (or closed); each once, in the China-time month of its first release; refused, cancelled and sent back ones not; the value of granted returns is taken off in the month they are granted; other currencies at the rate of customs for the month',
    ...{ confidence: 'I', source: 'docs/totals.md' },
  },
  {
    ...{ scope: 'settled', validFrom: FROM, parts: ['settled'] },
    zh: '已结算口径：已登记的跨境电商收付汇与跨境人民币结算净额之和（毛额减轧差的仓储、物流、税费和平台费用），退款扣减，还原数据不重复计；超出清单未结金额的明细在更正前不计，其他未对应清单的明细照计；计入结算的北京时间月份；外币按每笔登记的结算汇率折人民币',
    en: 'Settled: sum of the net amounts of registered cross-border receipts and payments, in foreign currency or CNY (gross less netted costs of storage, logistics, tax and platform), less refunds, restored gross flows not counted again, lines beyond what is left of their list not counted until that is mended, other lines without a list counted, in the China-time month they are settled; other currencies at the rate that each was registered with',
    ...{ confidence: 'I', source: 'docs/totals.md' },
  },
  {
    ...{ scope: 'policy', validFrom: FROM, parts: ['released', 'settled'] },
    zh: '交易及结算口径：已放行贸易额与已结算金额相加。“交易及结算”没有公布的定义，此处按字面相加，属本系统推定，可修改',
    en: 'Trade and settlement (交易及结算): released trade and settlements added up. No definition was published; adding both up is our reading of the words, and may be edited',
    ...{ confidence: 'I', source: '渝府发〔2019〕17号（目标名称；未载明定义）' },
  },
]
