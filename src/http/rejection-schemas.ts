/** What folding, correcting and explaining rejections take and answer, and versions of a document. */
import { z } from '@hono/zod-openapi'
import { causes } from '../catalogue/causes/index.ts'
import { declarations } from '../catalogue/index.ts'
import { isCause } from '../flow/meanings.ts'
import { isId } from '../kernel/ids.ts'
import { CORRECTION_IDS_MAX, CORRECTION_PAIRS_MAX } from '../kernel/rejection-limits.ts'
import { day } from './days.ts'
import {
  advice,
  clientQuery,
  codeMeaning,
  fault,
  reason,
  senderQuery,
  summary,
  text,
} from './schemas.ts'

const causeName = z.enum(Object.keys(causes).filter(isCause))
const id = z.string().refine(isId)

/** Members of a selection; all that are there must hold. */
export const selectionMembers = {
  kind: z.enum(declarations.map((entry) => entry.code)).optional(),
  sender: senderQuery,
  client: clientQuery,
  zone: z.string().max(32).optional(),
  from: day.optional().openapi({
    description: '退单首日(含) / first day they were refused, China time',
  }),
  to: day.optional().openapi({
    description: '退单末日(含) / last day they were refused, China time',
  }),
  cause: causeName.optional(),
  code: z.string().min(1).max(20).optional().openapi({
    description: '状态码、结果代码或应答代码 / status, result code or response code',
  }),
  text: id.optional().openapi({
    description: '回执文字归并后的编号 / id of a text as it is folded',
  }),
}

/** `Group/field` is a field of each line. */
const fieldName = z
  .string()
  .max(80)
  .regex(/^[A-Za-z][A-Za-z0-9]*(?:\/[A-Za-z][A-Za-z0-9]*)?$/)

const value = z.string().max(2_000)

const change = z
  .strictObject({
    kind: z
      .enum(declarations.map((entry) => entry.code))
      .optional()
      .openapi({
        description:
          '改同一四单中的这类单证；省略即改被退单证本身 / documents of this kind in the same consignment are changed; left out: the refused ones',
      }),
    field: fieldName,
    value: value.nullable().optional().openapi({
      description: '新值；null 为去掉该字段 / the new value; null takes the field away',
    }),
    mapping: z
      .record(z.string().max(2_000), value)
      .refine((pairs) => Object.keys(pairs).length <= CORRECTION_PAIRS_MAX)
      .optional()
      .openapi({ description: '旧值到新值 / new value by old value' }),
    from: z
      .enum(declarations.map((entry) => entry.code))
      .optional()
      .openapi({ description: '取这类单证的值 / the value of the document of this kind' }),
    fromField: fieldName.optional(),
  })
  .refine(
    ({ value: set, mapping, from }) =>
      [set, mapping, from].filter((each) => each !== undefined).length === 1,
    { message: 'exactly one of value, mapping and from' },
  )
  .refine(({ from, fromField }) => fromField === undefined || from !== undefined, {
    message: 'fromField goes with from',
  })

export const correctionRequest = z
  .strictObject({
    select: z
      .strictObject({
        ...selectionMembers,
        ids: z.array(id).min(1).max(CORRECTION_IDS_MAX).optional(),
      })
      .optional(),
    change: change.optional().openapi({
      description: '省略即原样重新报送 / left out: all go again as they are',
    }),
    preview: z.literal(true).optional(),
    token: id.optional().openapi({
      description: '预览给出的 token：照预览执行 / of a preview: does what it showed',
    }),
  })
  .refine(
    ({ select, change: made, preview, token }) =>
      token === undefined
        ? preview === true && select !== undefined
        : preview === undefined && select === undefined && made === undefined,
    { message: 'either select with preview, or token alone' },
  )
  .openapi('CorrectionRequest', {
    example: {
      select: { cause: 'buyer-phone-differs' },
      change: { field: 'buyerTelephone', value: '13000000000' },
      preview: true,
    },
  })

const named = { id: z.string(), kind: z.string(), number: z.string() }

const left = z.array(
  z.object({ ...named, why: text.extend({ name: z.string() }), faults: z.array(fault) }),
)

const difference = {
  pointer: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
}

const correctionPreview = z
  .object({
    /** Applies it; null when nothing would be done. */
    token: z.string().nullable(),
    documents: z.array(
      z.object({
        ...named,
        version: z.int(),
        companion: z.boolean(),
        appType: z.string(),
        changes: z.array(z.object(difference)),
        faults: z.array(fault),
      }),
    ),
    left,
    more: z.boolean(),
  })
  .openapi('CorrectionPreview')

const correctionApplied = z
  .object({
    documents: z.array(
      z.object({
        ...named,
        version: z.int(),
        state: z.string().nullable(),
        faults: z.array(fault),
      }),
    ),
    left,
  })
  .openapi('CorrectionApplied')

export const correctionAnswer = z.union([correctionPreview, correctionApplied])

export const rejectionFold = z
  .object({
    asOf: z.string(),
    count: z.int(),
    groups: z.array(
      z
        .object({
          ...advice,
          count: z.int(),
          kinds: z.record(z.string(), z.int()),
          codes: z.array(
            text.extend({
              sort: z.enum(['status', 'result', 'exchange', 'text']),
              code: z.string(),
              known: z.boolean(),
              count: z.int(),
            }),
          ),
          text: z.object({ id: z.string(), kind: z.string(), text: z.string() }).nullable(),
          /** Fields it is about, by kind of document. */
          fields: z.array(z.record(z.string(), z.string())),
          samples: z.array(z.string()),
        })
        .openapi('RejectionGroup'),
    ),
    others: z.object({ groups: z.int(), count: z.int() }),
  })
  .openapi('RejectionFold')

export const rejectedList = z
  .object({
    documents: z.array(
      z
        .looseObject({
          ...summary,
          refusedAt: z.string(),
          reason: reason.nullable(),
          fields: z.array(
            z.object({
              equal: z.boolean(),
              values: z.array(
                z.object({
                  id: z.string().nullable(),
                  kind: z.string(),
                  pointer: z.string(),
                  value: z.string().nullable(),
                }),
              ),
            }),
          ),
        })
        .openapi('RejectedDocument'),
    ),
    next: z.string().nullable(),
  })
  .openapi('RejectedList')

export const meaningRequest = z
  .strictObject({
    cause: causeName,
    zh: z.string().min(1).max(200),
    en: z.string().min(1).max(200),
    field: fieldName.optional(),
  })
  .openapi('MeaningRequest', {
    example: {
      ...{ cause: 'buyer-phone-differs', zh: '订购人电话不符', en: 'Telephone of the buyer' },
      field: 'buyerTelephone',
    },
  })

export const meaningAnswer = z
  .object({ history: z.array(codeMeaning) })
  .openapi('CodeMeaningHistory')

const version = {
  version: z.int(),
  at: z.string(),
  by: z.string(),
  why: text.extend({ name: z.string() }),
  guid: z.string(),
  appType: z.string(),
  appTime: z.string(),
  state: z.string(),
  group: summary.group,
}

export const versionList = z.object({ versions: z.array(z.object(version)) }).openapi('VersionList')

export const versionView = z
  .object({ ...version, document: z.record(z.string(), z.unknown()) })
  .openapi('VersionView')

export const versionDifferences = z
  .object({
    from: z.int(),
    to: z.int(),
    differences: z.array(z.object({ ...difference, label: z.string().nullable() })),
    more: z.boolean(),
  })
  .openapi('VersionDifferences')
