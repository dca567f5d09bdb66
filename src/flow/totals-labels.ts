/** What the rows of totals are called. A code without a known name is called by itself. */
import { codeOf, findCodeList } from '../catalogue/code-lists/index.ts'
import type { Text } from '../kernel/fault.ts'
import { findNamesAsOf } from '../store/names.ts'
import type { Db } from '../store/tables.ts'
import { enterpriseNames, zoneNames } from '../store/totals.ts'
import { OTHERS, type TotalsRow } from '../store/totals-asked.ts'
import type { TotalsBy } from './types.ts'

export const labelsOf = async (
  db: Db,
  by: TotalsBy,
  rows: readonly Pick<TotalsRow, 'key'>[],
  asOf?: Date,
): Promise<(key: string) => Text> => {
  const names = await namesOf(db, by, rows, asOf)
  return (key) => {
    if (key === OTHERS) return { zh: '其余合计', en: 'All others' }
    return names(key) ?? (key === '' ? none[by] : same(key))
  }
}

const same = (text: string): Text => ({ zh: text, en: text })

/** What names none of what it is by. */
const none: Readonly<Record<TotalsBy, Text>> = {
  zone: { zh: '未归属', en: 'Undecided' },
  mode: { zh: '未注明监管方式', en: 'No mode of trade' },
  month: { zh: '未注明月份', en: 'No month' },
  direction: { zh: '未注明方向', en: 'No direction' },
  enterprise: { zh: '未注明企业', en: 'No enterprise of this role' },
  country: { zh: '未注明国家（地区）', en: 'No country' },
  chapter: {
    zh: '未注明商品编码；并冲减跨章清单在各章的重复份数',
    en: 'No commodity code; and, taken off, lists that count in more than one chapter',
  },
  institution: { zh: '未注明机构', en: 'No institution' },
}

const directions: Readonly<Record<string, Text>> = {
  import: { zh: '进口', en: 'Import' },
  export: { zh: '出口', en: 'Export' },
}

const namesOf = async (
  db: Db,
  by: TotalsBy,
  rows: readonly Pick<TotalsRow, 'key'>[],
  asOf: Date | undefined,
): Promise<(key: string) => Text | undefined> => {
  if (asOf !== undefined && (by === 'zone' || by === 'enterprise')) {
    const keys = rows.map(({ key }) => key)
    const names = await findNamesAsOf(db, by, keys, asOf)
    return (key) => names.get(key)
  }
  switch (by) {
    case 'zone': {
      const zones = new Map((await zoneNames(db)).map(({ code, zh, en }) => [code, { zh, en }]))
      return (key) => zones.get(key)
    }
    case 'enterprise': {
      const names = await enterpriseNames(
        db,
        rows.map(({ key }) => key),
      )
      return (key) => {
        const name = names.get(key)
        return name === undefined ? undefined : same(name)
      }
    }
    case 'direction':
      return (key) => directions[key]
    case 'month':
      return (key) => (key === '' ? undefined : same(`${key.slice(0, 4)}-${key.slice(4)}`))
    case 'country': {
      const list = findCodeList('country')
      return (key) => {
        const row = list && codeOf(list, key)
        return row && { zh: row.zh, en: row.en ?? row.zh }
      }
    }
    case 'chapter':
      return (key) =>
        key === '' ? undefined : { zh: `第${Number(key)}章`, en: `Chapter ${Number(key)}` }
    default:
      return () => undefined
  }
}
