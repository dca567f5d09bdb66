/** Shapes of what the routes of sheets answer, for the OpenAPI document and the contract test. */
import { z } from '@hono/zod-openapi'
import {
  SHEET_FAULTS_TOLD_MAX,
  SHEET_RESULTS_TOLD_MAX,
  SHEET_WARNINGS_TOLD_MAX,
} from '../kernel/limits.ts'
import { fault } from './schemas.ts'

const sheetFault = fault
  .extend({
    sheet: z.string().nullable().openapi({ description: '工作表 / sheet' }),
    row: z.int().nullable().openapi({ description: '行号，从 1 起 / row, from 1' }),
    column: z.string().nullable().openapi({ description: '列号 / column, `C`' }),
    field: z.string().nullable().openapi({ description: '字段 / field, `OrderHead.orderNo`' }),
    head: z.string().nullable().openapi({ description: '列名 / its Chinese head' }),
  })
  .openapi('SheetFault')

const sheetResult = z
  .object({
    sheet: z.string(),
    rows: z.array(z.int()).length(2).openapi({ description: '首行与末行 / first and last row' }),
    kind: z.string(),
    taken: z.boolean(),
    id: z.string().optional(),
    version: z.int().optional(),
    state: z.string().optional(),
    duplicate: z.literal(true).optional(),
  })
  .openapi('SheetResult')

export const sheetAnswer = z
  .object({
    taken: z.int(),
    refused: z.int(),
    rows: z.int().openapi({ description: '表头以下的行 / rows below the heads' }),
    errors: z.int().openapi({ description: '全部错误数 / all errors' }),
    warnings: z.int().openapi({ description: '全部提示数 / all warnings' }),
    sheets: z.array(
      z.object({
        name: z.string(),
        kind: z.string().nullable(),
        rows: z.int(),
        taken: z.int(),
        refused: z.int(),
      }),
    ),
    results: z.array(sheetResult).openapi({
      description: `最多 ${SHEET_RESULTS_TOLD_MAX} 份 / the first ${SHEET_RESULTS_TOLD_MAX} documents`,
    }),
    faults: z.array(sheetFault).openapi({
      description: `最多 ${SHEET_FAULTS_TOLD_MAX} 处错误和 ${SHEET_WARNINGS_TOLD_MAX} 处提示 / at most so many errors, then warnings`,
    }),
  })
  .openapi('SheetAnswer')
