/** Shapes of what the routes of reference tables answer, for the OpenAPI document and the contract test. */
import { z } from '@hono/zod-openapi'
import { FAULTS_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { fault, text } from './schemas.ts'

const named = { name: z.string(), zh: z.string(), en: z.string() }

const referenceFault = fault
  .extend({
    row: z.int().nullable().openapi({ description: '行号，从 1 起 / row, from 1' }),
    column: z.string().nullable().openapi({ description: '列号 / column, `C`' }),
  })
  .openapi('ReferenceFault')

export const referenceView = z
  .object({
    ...named,
    on: z.string().nullable().openapi({
      description: '所示行的适用日；all=true 或不分日期的表为 null / the day the rows hold on',
    }),
    total: z.int().openapi({ description: '全部行数 / rows of every day' }),
    edition: z.string().nullable().openapi({
      description:
        '当日适用版本的生效日；没有装载则为 null / first day of the edition in force; null when none is loaded',
    }),
    loadedAt: z.string().nullable(),
    loadedBy: z
      .string()
      .nullable()
      .openapi({ description: '仅运营者可见 / shown to operators alone' }),
    columns: z.array(z.object({ ...named, required: z.boolean(), format: text })),
    rows: z.array(z.record(z.string(), z.union([z.string(), z.boolean(), z.null()]))),
    next: z.string().nullable(),
  })
  .openapi('ReferenceTable')

export const referenceLoaded = z
  .object({
    name: z.string(),
    dryRun: z.boolean(),
    rows: z.int().openapi({ description: '文件中的行数 / rows of the file' }),
    added: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    removed: z.int().openapi({
      description: '同一版本中文件未列出而删除的行 / rows of the same edition the file lacks',
    }),
    faults: z.array(referenceFault).openapi({
      description: `提示，最多 ${FAULTS_PER_DOCUMENT_MAX} 条 / warnings, at most so many`,
    }),
  })
  .openapi('ReferenceLoaded')
