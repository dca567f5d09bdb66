/** Shapes of bonded books: what their routes take and answer. */
import { z } from '@hono/zod-openapi'
import { enteredKinds, type MovementKind, movementKinds } from '../catalogue/bonded-book.ts'
import { UNCOUNTED_TOLD_MAX } from '../kernel/bonded-limits.ts'

/** Account books and their items are named in customs' own numbers: letters, digits and hyphens. */
export const EMS_NO = /^[0-9A-Za-z-]{1,30}$/

const movementKind = z.enum(Object.keys(movementKinds) as [MovementKind, ...MovementKind[]])

export const movementKindQuery = movementKind.optional()

const quantity = z
  .string()
  .openapi({ description: '账册计量单位下的数量 / in the unit of the book', example: '120.5' })

export const wantedBook = z.strictObject({
  emsNo: z.string().regex(EMS_NO),
  zone: z.string().min(1).max(40),
  warehouseId: z.string().min(1).max(64).optional().openapi({
    description: '区内企业编号,缺省为本企业 / the warehouse; the caller when left out',
  }),
})

const book = {
  emsNo: z.string(),
  zone: z.string(),
  warehouseId: z.string(),
  registeredAt: z.string(),
}

export const bookAnswer = z.object(book).openapi('BondedBook')

export const bookList = z
  .object({ books: z.array(bookAnswer), next: z.string().nullable() })
  .openapi('BondedBookList')

const itemFields = {
  itemRecordNo: z.string(),
  gname: z.string(),
  unit: z.string(),
  gcode: z.string().nullable(),
}

export const bookItems = z
  .object({
    ...book,
    items: z.array(
      z
        .object({
          ...itemFields,
          stock: quantity.openapi({ description: '在库 / what is there' }),
          reserved: quantity.openapi({ description: '在途单证预占 / held by documents under way' }),
          free: quantity.openapi({ description: '可用 / what is left' }),
        })
        .openapi('BondedItem'),
    ),
    next: z.string().nullable(),
  })
  .openapi('BondedBookItems')

/** The bodies that rows may come in; each row is judged by its table, so that all faults are told. */
export const itemsBody = z.object({
  items: z.array(
    z.object({
      itemRecordNo: z.string(),
      gname: z.string(),
      unit: z.string(),
      gcode: z.string().optional(),
    }),
  ),
})

export const itemsPut = z.object({ items: z.int() }).openapi('BondedItemsPut')

/** What an entry is, beside its rows: in the query, or in a JSON body. */
export const entryFacts = z.strictObject({
  number: z
    .string()
    .regex(/^[\x21-\x7e\u4e00-\u9fff]{1,60}$/)
    .openapi({
      description:
        '凭证编号(核注清单、核放单、入库单等),每册唯一;相同编号与内容重复提交只记一次 / of the paper behind it, once in a book; the same again is entered once',
    }),
  kind: z.enum(enteredKinds),
  reason: z.string().trim().min(1).max(200).optional().openapi({
    description: '原因;调整必填 / why; an adjustment needs it',
  }),
})

export const entryQuery = entryFacts.partial().shape

export const movementsBody = entryFacts.extend({
  lines: z.array(
    z.object({ itemRecordNo: z.string(), qty: quantity, note: z.string().optional() }),
  ),
})

export const movementsEntered = z
  .object({ number: z.string(), movements: z.int(), duplicate: z.boolean() })
  .openapi('BondedMovementsEntered')

export const movementList = z
  .object({
    movements: z.array(
      z
        .object({
          id: z.string(),
          itemRecordNo: z.string(),
          kind: movementKind,
          stockChange: quantity,
          reservedChange: quantity,
          at: z.string(),
          asOf: z.string(),
          actor: z.string(),
          userId: z.string().nullable(),
          number: z.string(),
          documentId: z.string().nullable(),
          reason: z.string().nullable(),
        })
        .openapi('BondedMovement'),
    ),
    next: z.string().nullable(),
  })
  .openapi('BondedMovementList')

export const countBody = z.object({
  lines: z.array(
    z.object({
      itemRecordNo: z.string(),
      qty: quantity,
      unit: z.string().optional(),
      note: z.string().optional(),
    }),
  ),
})

export const countReport = z
  .object({
    emsNo: z.string(),
    at: z.string(),
    token: z.string(),
    applied: z.boolean(),
    counted: z.int(),
    differences: z.array(
      z.object({
        itemRecordNo: z.string(),
        gname: z.string(),
        unit: z.string(),
        counted: quantity,
        booked: quantity,
        difference: quantity,
        reserved: quantity,
      }),
    ),
    uncounted: z
      .array(
        z.object({
          itemRecordNo: z.string(),
          gname: z.string(),
          unit: z.string(),
          stock: quantity,
        }),
      )
      .openapi({
        description: `有库存而未盘点的料件,最多 ${UNCOUNTED_TOLD_MAX} 个 / items with stock that nobody counted, at most so many`,
      }),
  })
  .openapi('BondedCountReport')
