/** Shapes of rules and of what breaks them; see `flow/enterprise-rules.ts`. */
import { z } from '@hono/zod-openapi'
import { ruleCodes } from '../catalogue/rules/index.ts'
import { text } from './schemas.ts'

export const ruleCode = z.enum(ruleCodes).openapi('RuleCode')
export const severity = z.enum(['refuse', 'hold', 'warn'])

export const sentAnyway = z
  .object({ state: z.literal('ready'), rules: z.array(ruleCode) })
  .openapi('SentAnyway')

export const enterpriseRuleList = z
  .object({
    rules: z.array(
      z.object({
        rule: ruleCode,
        zh: z.string(),
        en: z.string(),
        cure: text,
        severity,
        usual: severity,
        choices: z.array(severity),
        chosen: severity.nullable(),
        customs: z.string().nullable(),
        validFrom: z.string(),
        validTo: z.string().nullable(),
        confidence: z.string(),
        source: z.string(),
      }),
    ),
  })
  .openapi('EnterpriseRules')
