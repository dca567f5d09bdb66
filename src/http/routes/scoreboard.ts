/**
 * The policy's scoreboard. Counts name no enterprise and are open to anybody; who is counted is told
 * to operators and the committee of the zones, and to each enterprise what it counts as itself.
 */
import { z } from '@hono/zod-openapi'
import { enterpriseTags } from '../../catalogue/reference/targets.ts'
import {
  giveTag,
  indicatorOn,
  readTaggedCursor,
  scoreboardOn,
  tagsOf,
} from '../../flow/scoreboard.ts'
import { readStamp } from '../../kernel/clock.ts'
import { REFERENCE_TEXT_LENGTH_MAX } from '../../kernel/reference-limits.ts'
import { INDICATOR_PAGE_ROWS_MAX } from '../../kernel/target-limits.ts'
import { route } from '../route.ts'
import { plainText } from '../schemas.ts'
import { indicatorAnswer, scoreboardAnswer, tagGiven, tagList } from '../target-schemas.ts'

const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .refine((text) => readStamp(text.replaceAll('-', '')) !== undefined)

const on = day
  .optional()
  .openapi({ description: '哪一天，默认今天 / which day; today unless told' })

export const scoreboardRoute = route(
  {
    method: 'get',
    path: '/api/v1/scoreboard',
    summary: { zh: '政策指标', en: "The policy's scoreboard" },
    access: 'public',
    limit: 'report',
    query: z.object({ on }),
    answers: {
      200: {
        description: { zh: '各指标的目标与现数', en: 'What each aims at, and its count' },
        schema: scoreboardAnswer,
      },
    },
  },
  async ({ c, deps, query }) => c.json(await scoreboardOn(deps.flow, query.on)),
)

export const indicatorRoute = route(
  {
    method: 'get',
    path: '/api/v1/scoreboard/{indicator}',
    summary: { zh: '指标所含企业', en: 'The enterprises behind an indicator' },
    access: 'totals:read',
    query: z.object({
      on,
      cursor: z
        .string()
        .max(2_000)
        .refine((text) => readTaggedCursor(text) !== undefined)
        .optional()
        .openapi({ description: '上一页的 next / `next` of the page before' }),
      limit: z.coerce.number().int().min(1).max(INDICATOR_PAGE_ROWS_MAX).optional(),
    }),
    answers: {
      200: {
        description: { zh: '一页企业及其标签', en: 'A page of enterprises with their tags' },
        schema: indicatorAnswer,
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, query, param, identity, refuse }) => {
    // An enterprise may read totals, and learns nothing of others by it.
    if (!identity().opensTotals) return refuse('SCOPE-MISSING')
    const page = await indicatorOn(deps.flow, param('indicator'), query)
    return page === undefined ? refuse('NOT-FOUND') : c.json(page)
  },
)

export const listTagsRoute = route(
  {
    method: 'get',
    path: '/api/v1/enterprises/{id}/tags',
    summary: { zh: '企业标签', en: 'Tags of an enterprise' },
    access: 'enterprise-admin',
    answers: { 200: { description: { zh: '标签', en: 'Tags' }, schema: tagList } },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse }) => {
    const tags = await tagsOf(deps.flow, param('id'))
    return tags === undefined ? refuse('NOT-FOUND') : c.json({ tags })
  },
)

const columnOf = (name: string) => {
  const column = enterpriseTags.columns.find((each) => each.name === name)
  if (column === undefined) throw new Error(`tags have no ${name}`)
  return column
}

const tagForm = columnOf('tag').form
const line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\0\r\n]*$/)

const wantedTag = z
  .strictObject({
    tag: tagForm === undefined ? plainText : z.string().regex(tagForm.pattern),
    subject: line(columnOf('subject').max ?? REFERENCE_TEXT_LENGTH_MAX)
      .optional()
      .openapi({ description: '对象，如海外仓名称 / what is meant, such as a warehouse' }),
    validFrom: day,
    validTo: day
      .nullable()
      .optional()
      .openapi({ description: '失效日，含当日；填写即终止 / last day; it ends the tag' }),
    confidence: z.enum(['A', 'B', 'M', 'I']),
    source: line(REFERENCE_TEXT_LENGTH_MAX).regex(/\S/),
    note: line(REFERENCE_TEXT_LENGTH_MAX).optional(),
  })
  .refine(({ validFrom, validTo }) => (validTo ?? validFrom) >= validFrom, {
    path: ['validTo'],
    message: 'The last day is before the first',
  })

export const giveTagRoute = route(
  {
    method: 'post',
    path: '/api/v1/enterprises/{id}/tags',
    summary: { zh: '登记或更正企业标签', en: 'Give an enterprise a tag, or change one' },
    access: 'operator',
    json: wantedTag,
    answers: {
      200: {
        description: {
          zh: '已登记；同一标签、对象和生效日的再次提交为更正',
          en: 'Given; the same tag, subject and first day again changes it',
        },
        schema: tagGiven,
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, body, param, identity, refuse }) => {
    const tag = { ...body, subject: body.subject?.trim() ?? '', note: body.note?.trim() ?? '' }
    const row = { ...tag, source: body.source.trim(), validTo: body.validTo ?? null }
    const counts = await giveTag(deps.flow, param('id'), row, identity().userId ?? 'key')
    return counts === undefined
      ? refuse('NOT-FOUND')
      : c.json({ ...row, added: counts.added > 0, changed: counts.changed > 0 })
  },
)
