/**
 * The rules as an enterprise meets them, and its choice of softer ones. What breaking a rule leads
 * to is otherwise reference data, edited by the operator. A single list that rules hold back may be sent
 * on regardless.
 */
import { z } from '@hono/zod-openapi'
import { ruleCodes } from '../../catalogue/rules/index.ts'
import { chooseRules, enterpriseRules } from '../../flow/enterprise-rules.ts'
import { sendAnyway } from '../../flow/send-anyway.ts'
import { findEnterprise } from '../../store/accounts.ts'
import { writer } from '../callers.ts'
import { route } from '../route.ts'
import { enterpriseRuleList, ruleCode, sentAnyway, severity } from '../rule-schemas.ts'
import { enterpriseQuery } from '../schemas.ts'

export const listRulesRoute = route(
  {
    method: 'get',
    path: '/api/v1/enterprises/{id}/rules',
    summary: { zh: '企业适用的规则', en: 'The rules for an enterprise' },
    access: 'enterprise-admin',
    answers: {
      200: {
        description: {
          zh: '今天有效的规则、违反时的处理和可选的处理',
          en: 'Rules in force today, what breaking them leads to, and what may be chosen instead',
        },
        schema: enterpriseRuleList,
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse }) => {
    const { db } = deps.flow
    if ((await findEnterprise(db, param('id'))) === undefined) return refuse('NOT-FOUND')
    return c.json({ rules: await enterpriseRules(deps.flow, db, param('id')) })
  },
)

export const chooseRulesRoute = route(
  {
    method: 'put',
    path: '/api/v1/enterprises/{id}/rules',
    summary: { zh: '选择较宽的处理方式', en: 'Choose softer rules' },
    access: 'enterprise-admin',
    json: z.strictObject({
      rules: z
        .array(
          z.strictObject({
            rule: ruleCode,
            severity: severity
              .nullable()
              .openapi({ description: 'null：恢复默认 / null takes the choice back' }),
          }),
        )
        .min(1)
        .max(ruleCodes.length),
    }),
    answers: {
      200: {
        description: {
          zh: '已选择；此后到达比对的单证按此处理',
          en: 'Chosen; what is matched from now on follows it',
        },
        schema: enterpriseRuleList,
      },
    },
    problems: ['NOT-FOUND', 'RULE-NOT-OFFERED'],
  },
  async ({ c, deps, body, param, identity, refuse, audit }) => {
    const enterprise = await findEnterprise(deps.flow.db, param('id'))
    if (enterprise === undefined) return refuse('NOT-FOUND')
    const setBy = identity().userId ?? null
    const chosen = await chooseRules(deps.flow, enterprise.id, body.rules, setBy)
    if (chosen.kind !== 'chosen') return refuse('RULE-NOT-OFFERED', chosen.faults)
    const deed = { what: 'enterprise-changed', enterpriseId: enterprise.id } as const
    await audit(deps.flow.db, { ...deed, subject: 'rules' })
    return c.json({ rules: chosen.rules })
  },
)

export const sendAnywayRoute = route(
  {
    method: 'post',
    path: '/api/v1/documents/{id}/send-anyway',
    summary: { zh: '比对不符仍要发送', en: 'Send a list that its rules hold back' },
    access: 'documents:write',
    query: z.object({ enterprise: enterpriseQuery }),
    answers: {
      200: {
        description: {
          zh: '已排队发送；海关可能按所列规则退单',
          en: 'Queued; customs may refuse it for the rules named',
        },
        schema: sentAnyway,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND', 'DOCUMENT-NOT-BLOCKED', 'RULE-FIRM'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = writer(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const answer = await sendAnyway(deps.flow, found.caller, param('id'))
    switch (answer.kind) {
      case 'not-found':
        return refuse('NOT-FOUND')
      case 'not-blocked':
        return refuse('DOCUMENT-NOT-BLOCKED')
      case 'not-allowed':
        return refuse('RULE-FIRM', answer.faults)
      case 'queued':
        return c.json({ state: 'ready', rules: answer.rules })
    }
  },
)
