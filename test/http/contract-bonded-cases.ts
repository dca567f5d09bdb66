/** Cases of the contract test: bonded books. */
import { zones } from '../../src/catalogue/zones/index.ts'
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'
const BOOKS = '/api/v1/bonded-books'
const BOOK = 'T8012W000001'

export interface PreparedBook {
  /** Key of the warehouse that keeps it. */
  warehouse: string
}

/** A book with an item that has stock. */
export const prepareBook = async (test: TestApp): Promise<PreparedBook> => {
  const [warehouse] = test.cast.warehouses.values()
  if (warehouse === undefined) throw new Error('no warehouse')
  const { key } = await test.register(warehouse)
  const items = [{ itemRecordNo: 'A1', gname: '合成奶粉', unit: '011' }]
  await test.fetch(BOOKS, json(key, { emsNo: BOOK, zone: zones[0]?.code }))
  await test.fetch(`${BOOKS}/${BOOK}/items`, { ...json(key, { items }), method: 'PUT' })
  return { warehouse: key }
}

export const bondedCases = (test: () => TestApp, known: PreparedBook): readonly Case[] => {
  const get = () => ({ headers: bearer(known.warehouse) })
  const send = (body: unknown) => () => json(known.warehouse, body)
  const book = (emsNo: string) => send({ emsNo, zone: zones[0]?.code })
  const rows = { lines: [{ itemRecordNo: 'A1', qty: '1' }] }
  const items = (gname: string) => ({ items: [{ itemRecordNo: 'A1', gname, unit: '011' }] })
  const entry = (number: string, qty: string) =>
    send({ number, kind: 'entry', lines: [{ itemRecordNo: 'A1', qty }] })
  const many = (member: string) => send({ [member]: Array.from({ length: 5_001 }, () => ({})) })
  /** One book of the number. */
  const at = (rest: string, emsNo = BOOK) => ({ path: () => `${BOOKS}/${emsNo}${rest}` })
  const other = () => test().account(test().cast.platform).key
  return [
    { route: `GET ${BOOKS}`, status: 200, init: get },
    {
      ...{ route: `GET ${BOOKS}`, status: 404, init: get },
      path: () => `${BOOKS}?enterprise=${UNKNOWN}`,
    },
    { route: `POST ${BOOKS}`, status: 201, init: book('T8012W000002') },
    { route: `POST ${BOOKS}`, status: 200, init: book(BOOK) },
    { route: `POST ${BOOKS}`, status: 422, init: send({ emsNo: 'T1', zone: 'none' }) },
    { route: `POST ${BOOKS}`, status: 409, init: send({ emsNo: BOOK, zone: zones[1]?.code }) },
    {
      ...{ route: `POST ${BOOKS}`, status: 404, init: book(BOOK) },
      path: () => `${BOOKS}?enterprise=${UNKNOWN}`,
    },
    ...['', '/movements'].flatMap((rest): readonly Case[] => {
      const route = `GET ${BOOKS}/{emsNo}${rest}`
      return [
        { route, status: 200, ...at(rest), init: get },
        { route, status: 404, ...at(rest), init: () => ({ headers: bearer(other()) }) },
      ]
    }),
    ...(
      [
        ['PUT', '/items', 200, send(items('合成奶粉'))],
        ['PUT', '/items', 422, send(items(''))],
        ['PUT', '/items', 413, many('items')],
        ['POST', '/movements', 201, entry('C-1', '5')],
        ['POST', '/movements', 200, entry('C-1', '5')],
        ['POST', '/movements', 409, entry('C-1', '6')],
        ['POST', '/movements', 422, entry('C-2', '0')],
        ['POST', '/movements', 400, send(rows)],
        ['POST', '/movements', 413, many('lines')],
        ['POST', '/counts', 200, send(rows)],
        ['POST', '/counts', 422, send({ lines: [{ itemRecordNo: 'A1', qty: '-1' }] })],
        ['POST', '/counts', 413, many('lines')],
      ] as const
    ).map(([method, rest, status, init]): Case => {
      return { route: `${method} ${BOOKS}/{emsNo}${rest}`, status, ...at(rest), init }
    }),
    {
      ...{ route: `POST ${BOOKS}/{emsNo}/counts`, status: 409, init: send(rows) },
      ...at('/counts?apply=true&token=none&at=2026-01-01T00:00:00Z'),
    },
    ...(
      [
        ['PUT', '/items', items('合成奶粉')],
        ['POST', '/movements', { number: 'C-3', kind: 'entry', ...rows }],
        ['POST', '/counts', rows],
      ] as const
    ).map(([method, rest, body]): Case => {
      const route = `${method} ${BOOKS}/{emsNo}${rest}`
      return { route, status: 404, ...at(rest), init: () => json(other(), body) }
    }),
  ]
}
