/**
 * Goods of a batch against the loaded tables: form of tariff codes, statutory units, the positive
 * list of retail import and bans of sale. One statement a batch, and none while nothing is loaded.
 */
import { findDeclaration } from '../catalogue/index.ts'
import { type AnyDocument, APP_TYPE, type Goods } from '../catalogue/message.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { chinaDay } from '../kernel/clock.ts'
import { at } from '../kernel/fault.ts'
import {
  type GoodsFacts,
  type GoodsLine,
  type GoodsProblem,
  judgeGoods,
  LIST_DIGITS,
} from '../rules/goods.ts'
import { findGoodsReference } from '../store/goods-reference.ts'
import type { Finding } from './findings.ts'
import type { FlowDeps } from './types.ts'

const NOTHING_LOADED: GoodsFacts = {
  edition: undefined,
  listed: new Set(),
  bans: [],
  units: new Map(),
}

interface Judged {
  readonly goods: Goods
  readonly lines: readonly GoodsLine[]
}

/** Findings of each document, in the order given. */
export const goodsFindings = async (
  deps: FlowDeps,
  documents: readonly { readonly kind: string; readonly document: AnyDocument }[],
): Promise<readonly (readonly Finding[])[]> => {
  const judged = documents.map(goodsOf)
  const lines = judged.flatMap((one) => one?.lines ?? [])
  const facts = lines.length === 0 ? NOTHING_LOADED : await factsOf(deps, lines)
  return judged.map((one) =>
    one === undefined
      ? []
      : one.lines.flatMap((line, i) =>
          judgeGoods(line, facts).map((problem) => findingOf(one.goods, i, problem)),
        ),
  )
}

/** Undefined where no goods are declared; what is deleted declares none. */
const goodsOf = ({
  kind,
  document,
}: {
  readonly kind: string
  readonly document: AnyDocument
}): Judged | undefined => {
  const entry = findDeclaration(kind)
  const goods = entry?.goods
  if (entry === undefined || goods === undefined) return undefined
  if (headOfDocument(entry, document).appType === APP_TYPE.delete) return undefined
  const lines = linesOf(entry, document, goods.group).map((line) => ({
    hs: line[goods.hs] ?? '',
    name: line[goods.name] ?? '',
    origin: goods.retail === undefined ? undefined : (line[goods.retail.origin] ?? ''),
    quantities: goods.quantities.map(({ amount, unit }) => ({
      amount: line[amount] ?? '',
      unit: line[unit] ?? '',
    })),
  }))
  return { goods, lines }
}

const factsOf = async (deps: FlowDeps, lines: readonly GoodsLine[]): Promise<GoodsFacts> => {
  if (!(await deps.goodsLoaded())) return NOTHING_LOADED
  const codes = [...new Set(lines.map(({ hs }) => hs))]
  const tariffLines = [...new Set(codes.map((code) => code.slice(0, LIST_DIGITS)))]
  const day = chinaDay(deps.clock.now())
  const found = await findGoodsReference(deps.db, day, codes, tariffLines)
  return {
    edition: found.edition ?? undefined,
    listed: new Set(found.listed ?? []),
    bans: found.bans ?? [],
    units: new Map((found.units ?? []).map((unit) => [unit.code, unit])),
  }
}

const findingOf = (goods: Goods, index: number, problem: GoodsProblem): Finding => {
  const told = (field: string): Pick<Finding, 'field' | 'pointer'> => ({
    field,
    pointer: at(at(at('', goods.group), index), field),
  })
  const quantity = (place: number) => goods.quantities[place] ?? { amount: '', unit: '' }
  switch (problem.kind) {
    case 'hs':
      return {
        ...{ rule: 'GOODS_HS_CODE', ...told(goods.hs) },
        text: { zh: '商品编码不是 10 位数字', en: 'The tariff code is not 10 digits' },
      }
    case 'off-list':
      return {
        ...{ rule: 'POSITIVE_LIST', ...told(goods.hs) },
        text: {
          zh: `商品编码不在 ${problem.edition} 起适用的零售进口商品清单内`,
          en: `The tariff code is not on the positive list in force since ${problem.edition}`,
        },
      }
    case 'banned': {
      const { reason, source } = problem.ban
      return {
        ...{ rule: 'SALE_BAN', ...told(goods.hs) },
        text: {
          zh: `该商品禁止销售：${reason}（${source}）`,
          en: `These goods are banned from sale: ${reason} (${source})`,
        },
      }
    }
    case 'unit':
      return {
        ...{ rule: 'GOODS_STATUTORY_UNIT', ...told(quantity(problem.place).unit) },
        text: unitText(problem.wanted),
      }
    case 'unequal':
      return {
        ...{ rule: 'GOODS_SAME_UNIT', ...told(quantity(problem.place).amount) },
        text: {
          zh: `与申报数量 ${quantity(0).amount} 的计量单位相同，数量却不同`,
          en: `It is in the same unit as ${quantity(0).amount}, and differs from it`,
        },
      }
  }
}

const unitText = (wanted: string): Finding['text'] =>
  wanted === ''
    ? {
        zh: '该商品编码没有第二法定单位，此处应不填',
        en: 'The tariff code has no second statutory unit: leave it out',
      }
    : {
        zh: `该商品编码的法定计量单位为 ${wanted}`,
        en: `The statutory unit of the tariff code is ${wanted}`,
      }
