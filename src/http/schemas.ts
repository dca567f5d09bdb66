/**
 * Shapes of what the interface answers, for the OpenAPI document and the contract test. They say
 * again in data what the types of the flow say; the contract test holds real answers against them.
 */
import { z } from '@hono/zod-openapi'
import type { Role } from '../catalogue/message.ts'
import { isId } from '../kernel/ids.ts'
import { PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { stageList } from './clock-schemas.ts'
import { handedIn } from './mandate-schemas.ts'
import { queuePlace } from './status-schemas.ts'
import { listTax } from './tax-schemas.ts'
import { fault, moment, text } from './text-schemas.ts'

export { fault, moment, text } from './text-schemas.ts'

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    text,
    cure: text,
    requestId: z.string(),
    faults: z.array(fault),
  })
  .openapi('Problem')

export const documentResult = z
  .object({
    index: z.int(),
    kind: z.string(),
    id: z.string().optional(),
    version: z.int().optional(),
    state: z.string().optional(),
    duplicate: z.literal(true).optional(),
    faults: z.array(fault).optional(),
  })
  .openapi('DocumentResult')

export const intakeAnswer = z
  .object({
    taken: z.int(),
    refused: z.int(),
    results: z.array(documentResult),
    faults: z.array(fault).optional(),
  })
  .openapi('IntakeAnswer')

export const summary = {
  id: z.string(),
  kind: z.string(),
  sender: z.string(),
  client: z.string().openapi({
    description:
      '所指电商企业的代码，没有的为提交企业的 / code of the merchant it names, else of its sender',
  }),
  clientName: z.string().nullable(),
  number: z.string(),
  orderNo: z.string().nullable(),
  version: z.int(),
  state: z.string(),
  group: z.enum(['action-needed', 'under-way', 'done', 'refused']),
  zone: z.string().nullable(),
  returnStatus: z.string().nullable(),
  returnTime: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
}

export const documentList = z
  .object({
    documents: z.array(z.looseObject(summary).openapi('DocumentSummary')),
    next: z.string().nullable(),
  })
  .openapi('DocumentList')

export const advice = {
  cause: text.extend({ name: z.string() }),
  actors: z.array(text.extend({ name: z.string() })),
  cure: text,
}

export const toldCode = z
  .object({
    code: z.string(),
    known: z.boolean(),
    zh: z.string(),
    en: z.string(),
    description: z.string().nullable(),
    ...advice,
  })
  .openapi('ReplyCode')

/** What customs said, what it means, why, who acts and what he does. */
export const reason = z
  .object({
    source: z.enum(['customs', 'exchange', 'gateway']),
    returnStatus: z.string(),
    known: z.boolean(),
    zh: z.string(),
    en: z.string(),
    info: z.string().nullable(),
    results: z.array(toldCode),
    ...advice,
  })
  .openapi('Reason')

/** A tax bill, or the result of a summary, as customs told of it last. */
const notice = z
  .object({
    kind: z.string(),
    name: text,
    number: z.string(),
    status: z.string(),
    zh: z.string(),
    en: z.string(),
    time: z.string(),
    values: z.record(z.string(), z.string()),
    lines: z.record(z.string(), z.array(z.record(z.string(), z.string()))),
  })
  .openapi('Notice')

/** A document that acts on this one, or that it acts on. */
const related = z
  .object({
    id: z.string(),
    kind: z.string(),
    number: z.string(),
    verb: z.string(),
    state: z.string(),
    group: summary.group,
  })
  .openapi('Related')

export const documentView = z
  .looseObject({
    ...summary,
    document: z.record(z.string(), z.unknown()),
    guid: z.string(),
    messageId: z.string().nullable(),
    customsNumbers: z.record(z.string(), z.string()),
    handedIn,
    tax: listTax.optional(),
    stages: stageList,
    queue: queuePlace.nullable(),
    reason: reason.nullable(),
    notices: z.array(notice),
    related: z.array(related),
  })
  .openapi('DocumentView')

export const timeline = z
  .object({
    entries: z.array(
      z.looseObject({
        at: z.string(),
        source: z.enum(['gateway', 'customs', 'exchange']),
        version: z.int(),
        state: z.string().nullable(),
        zh: z.string(),
        en: z.string(),
        returnStatus: z.string().nullable(),
        returnTime: z.string().nullable(),
        info: z.string().nullable(),
        reason: reason.nullable(),
        messageId: z.string().nullable(),
        notice: z.object({ kind: z.string(), name: text, number: z.string() }).nullable(),
      }),
    ),
  })
  .openapi('Timeline')

const byKind = z.record(z.string(), z.string())

export const consignment = z
  .object({
    orderNo: z.string(),
    documents: z.array(
      z.object({
        id: z.string().nullable(),
        kind: z.string(),
        state: z.string(),
        group: z.string(),
        accepted: z.boolean(),
      }),
    ),
    missing: z.array(z.string()),
    comparisons: z.array(
      z.object({
        label: text,
        rule: z.string(),
        verdict: z.enum(['equal', 'differs', 'cannot-tell']),
        severity: z.enum(['refuse', 'hold', 'warn']).nullable(),
        code: z.string().nullable(),
        line: z.string().nullable(),
        /** JSON Pointer by kind. */
        fields: byKind,
        /** By kind, of documents that the caller may see. */
        values: byKind,
        /** Of a sum: what its terms come to. */
        expected: z.string().optional(),
        terms: byKind.optional(),
      }),
    ),
  })
  .openapi('Consignment')

export const totalsAnswer = z
  .looseObject({
    scope: z.string(),
    definition: text,
    ...moment,
    year: z.int(),
    by: z.string(),
    rows: z.array(
      z.looseObject({ key: z.string(), label: text, count: z.int(), amount: z.string() }),
    ),
    total: z.object({ count: z.int(), amount: z.string() }),
    target: z
      .object({
        ...{ year: z.int(), zone: z.string(), amount: z.string(), source: z.string() },
        comparable: z.boolean().openapi({
          description:
            '合计是否正是目标所指（口径、年度、区域） / whether the total is of what the target is of: its scope, year and zone',
        }),
        progress: z.string().nullable(),
      })
      .optional(),
    sources: z.array(z.string()),
    gaps: z.array(
      z.object({
        ...{ currency: z.string(), month: z.string() },
        ...{ count: z.int().nullable(), amount: z.string().nullable() },
      }),
    ),
  })
  .openapi('Totals')

export const replyTaken = z
  .object({ id: z.string(), state: z.enum(['stored', 'duplicate']) })
  .openapi('ReplyTaken')

export const resentAnswer = z
  .object({ messageId: z.string(), documents: z.int(), state: z.literal('ready') })
  .openapi('Resent')

export const resentMessages = z
  .object({
    messages: z.int(),
    documents: z.int(),
    left: z.int(),
    more: z.boolean(),
    next: z.string().nullable(),
    remaining: z.int(),
  })
  .openapi('ResentMessages')

export const codeMeaning = text.extend({
  cause: z.string(),
  field: z.string().nullable(),
  setAt: z.string(),
})

export const unknownCodes = z
  .object({
    codes: z.array(
      z.object({
        kind: z.string(),
        sort: z.enum(['status', 'result', 'exchange']),
        code: z.string(),
        count: z.int(),
        firstSeen: z.string(),
        lastSeen: z.string(),
        replyId: z.string(),
        /** As an operator gave it; null while nobody has. */
        meaning: codeMeaning.nullable(),
      }),
    ),
  })
  .openapi('UnknownCodes')

/** Query members that several routes share. */
export const dryRunQuery = z
  .enum(['true', 'false'])
  .optional()
  .openapi({ description: '只检查,不保存 / checks everything, stores nothing' })

/** PostgreSQL refuses a text that holds a zero character. */
export const plainText = z.string().regex(/^[^\0]*$/)

export const enterpriseQuery = plainText.min(1).max(64).optional().openapi({
  description: '企业编号;属于多家企业的用户须填 / id of the enterprise, for users of several',
})

/** Narrows to the documents of a client; any of its codes. */
export const clientQuery = plainText.min(1).max(64).optional().openapi({
  description:
    '客户代码：单证所指的电商企业，没有的为提交企业 / code of the client: the merchant a document names, else its sender',
})

/** Narrows to one of those whose documents the caller may see. */
export const senderQuery = plainText.min(1).max(64).optional().openapi({
  description: '单证所属企业编号 / id of the enterprise whose documents they are',
})

export const pageQuery = {
  cursor: z
    .string()
    .refine(isId)
    .optional()
    .openapi({ description: '上一页的 next / `next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).optional(),
}

// ---- accounts --------------------------------------------------------------------------------

export const roleNames = [
  'platform',
  'merchant',
  'payer',
  'carrier',
  'declarant',
  'warehouse',
  'guarantor',
  'bank',
  'site',
] as const satisfies readonly Role[]

export const enterpriseAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    customsCode: z.string().nullable(),
    creditCode: z.string().nullable(),
    roles: z.array(z.string()),
    dxpId: z.string().nullable(),
    formerDxpIds: z.array(z.string()),
    waitsForCompanions: z.boolean(),
    createdAt: z.string(),
  })
  .openapi('Enterprise')

export const enterpriseMade = z
  .object({
    enterprise: enterpriseAnswer,
    /** Warnings only. */
    faults: z.array(fault),
    /** The owner's first password, told this once; null when no owner was named. */
    owner: z.object({ email: z.string(), password: z.string() }).nullable(),
  })
  .openapi('EnterpriseMade')

export const enterpriseList = z
  .object({ enterprises: z.array(enterpriseAnswer), next: z.string().nullable() })
  .openapi('EnterpriseList')

export const keyMade = z
  .object({ id: z.string(), key: z.string(), scopes: z.array(z.string()) })
  .openapi('KeyMade')

export const keyList = z
  .object({
    keys: z.array(
      z.object({
        id: z.string(),
        name: z.string().nullable(),
        start: z.string().nullable(),
        scopes: z.array(z.string()),
        createdAt: z.string(),
        lastUsedAt: z.string().nullable(),
        expiresAt: z.string().nullable(),
      }),
    ),
  })
  .openapi('KeyList')

export const meAnswer = z
  .object({
    via: z.enum(['key', 'session']),
    name: z.string().nullable(),
    operator: z.boolean(),
    scopes: z.array(z.string()),
    enterprises: z.array(
      z.object({
        ...{ id: z.string(), name: z.string(), role: z.string(), roles: z.array(z.string()) },
        ...{ customsCode: z.string().nullable(), creditCode: z.string().nullable() },
        dxpId: z.string().nullable(),
      }),
    ),
  })
  .openapi('Me')

export const limitsAnswer = z
  .object({
    /** Empty where the platform limits instead. */
    classes: z.array(
      z.object({
        name: z.string(),
        per: z.array(z.enum(['enterprise', 'address', 'account'])),
        unit: z.string(),
        text,
        points: z.int(),
        seconds: z.int(),
      }),
    ),
    places: z.array(z.object({ name: z.string(), text, each: z.int(), all: z.int() })),
    sizes: z.record(z.string(), z.int()),
  })
  .openapi('Limits')
