/** The code lists at hand. A new one is one CSV file beside this one and one line here. */
import { country } from './country.gen.ts'
import { currency } from './currency.gen.ts'
import { customs } from './customs.gen.ts'
import { type CodeList, type CodeListId, codeList } from './list.ts'
import { port } from './port.gen.ts'
import { tradeMode } from './trade-mode.gen.ts'
import { transport } from './transport.gen.ts'
import { unit } from './unit.gen.ts'
import { wrapType } from './wrap-type.gen.ts'

export { type CodeList, type CodeListId, type CodeRow, codeOf, codesFor } from './list.ts'
export { nearestCodes } from './nearest.ts'

export const codeLists: readonly CodeList[] = [
  currency,
  country,
  unit,
  transport,
  wrapType,
  tradeMode,
  customs,
  port,
].map(codeList)

const byId: ReadonlyMap<CodeListId, CodeList> = new Map(codeLists.map((list) => [list.id, list]))

/** Undefined for a list that no table is at hand for (`hs`, `gbDistrict`): its codes pass. */
export const findCodeList = (id: CodeListId): CodeList | undefined => byId.get(id)
