/**
 * Mandates (委托): who may hand in for whom, which kinds, from when until when. The principal gives
 * one, or the operator for him; principal and agent both see it. And `/me`: who am I here.
 */
import { z } from '@hono/zod-openapi'
import { findDeclaration } from '../../catalogue/index.ts'
import { originalPayment } from '../../catalogue/original-payment.ts'
import { readStamp } from '../../kernel/clock.ts'
import type { Fault } from '../../kernel/fault.ts'
import { PAGE_ROWS_MAX } from '../../kernel/limits.ts'
import { findEnterprise, insertMandate, listMandates } from '../../store/accounts.ts'
import { reader } from '../callers.ts'
import { route } from '../route.ts'
import { enterpriseQuery, mandateAnswer, mandateList, meAnswer } from '../schemas.ts'

const KINDS_MAX = 100

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/)

const wantedMandate = z.strictObject({
  principalId: z.string().min(1).max(64),
  agentId: z.string().min(1).max(64),
  kinds: z.array(z.string().max(10)).min(1).max(KINDS_MAX),
  validFrom: day,
  validTo: day.nullable().optional(),
})
type WantedMandate = z.infer<typeof wantedMandate>

export const createMandateRoute = route(
  {
    method: 'post',
    path: '/api/v1/mandates',
    summary: { zh: '出具委托', en: 'Give a mandate' },
    access: 'signed-in',
    json: wantedMandate,
    answers: { 201: { description: { zh: '已出具', en: 'Given' }, schema: mandateAnswer } },
    problems: ['SCOPE-MISSING', 'NOT-FOUND', 'MANDATE-INVALID'],
  },
  async ({ c, deps, body, identity, refuse }) => {
    const { db, ids, clock } = deps.flow
    const caller = identity()
    const membership = caller.memberships.find((entry) => entry.enterpriseId === body.principalId)
    if (!caller.operator && membership === undefined) return refuse('NOT-FOUND')
    const mayGive = membership?.role === 'owner' || membership?.role === 'admin'
    if (!caller.operator && !mayGive) return refuse('SCOPE-MISSING')
    const faults = checkMandate(body)
    if ((await findEnterprise(db, body.principalId)) === undefined)
      faults.push(unknownEnterprise('principalId'))
    if ((await findEnterprise(db, body.agentId)) === undefined)
      faults.push(unknownEnterprise('agentId'))
    if (faults.length > 0) return refuse('MANDATE-INVALID', faults)
    const made = { ...body, id: ids.next(), validTo: body.validTo ?? null }
    await insertMandate(db, made, clock.now())
    return c.json(made, 201)
  },
)

export const listMandatesRoute = route(
  {
    method: 'get',
    path: '/api/v1/mandates',
    summary: { zh: '委托列表', en: 'List mandates' },
    access: 'signed-in',
    query: z.object({ enterprise: enterpriseQuery }),
    answers: { 200: { description: { zh: '委托', en: 'Mandates' }, schema: mandateList } },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const enterpriseId = found.caller.operator ? query.enterprise : found.caller.enterpriseId
    return c.json({ mandates: await listMandates(deps.flow.db, enterpriseId, PAGE_ROWS_MAX) })
  },
)

export const meRoute = route(
  {
    method: 'get',
    path: '/api/v1/me',
    summary: { zh: '当前身份', en: 'Who I am here' },
    access: 'signed-in',
    answers: { 200: { description: { zh: '身份', en: 'The identity' }, schema: meAnswer } },
  },
  async ({ c, deps, identity }) => {
    const { via, name, operator, scopes, memberships } = identity()
    const enterprises = await Promise.all(
      memberships.map(async ({ enterpriseId, role }) => {
        const found = await findEnterprise(deps.flow.db, enterpriseId)
        return found === undefined
          ? []
          : [{ id: found.id, name: found.name, role, roles: found.roles }]
      }),
    )
    return c.json({
      via,
      name: name ?? null,
      operator,
      scopes: [...scopes],
      enterprises: enterprises.flat(),
    })
  },
)

const checkMandate = (wanted: WantedMandate): Fault[] => {
  const faults: Fault[] = []
  if (wanted.principalId === wanted.agentId) {
    faults.push(
      fault(
        'agentId-SAME',
        '/agentId',
        '受托企业与委托企业相同',
        'Agent and principal are the same',
      ),
    )
  }
  for (const [index, kind] of wanted.kinds.entries()) {
    if (findDeclaration(kind) === undefined && kind !== originalPayment.code) {
      faults.push(
        fault('kinds-UNKNOWN', `/kinds/${index}`, '单证类型未知', 'The kind is not known'),
      )
    }
  }
  const ends = [wanted.validFrom, ...(wanted.validTo == null ? [] : [wanted.validTo])]
  if (ends.some((text) => readStamp(text.replaceAll('-', '')) === undefined)) {
    faults.push(fault('day-UNREAL', '/validFrom', '日期不存在', 'A day does not exist'))
  } else if (wanted.validTo != null && wanted.validTo < wanted.validFrom) {
    faults.push(fault('validTo-EARLIER', '/validTo', '止日早于起日', 'It ends before it begins'))
  }
  return faults
}

const unknownEnterprise = (member: 'principalId' | 'agentId'): Fault =>
  fault(`${member}-UNKNOWN`, `/${member}`, '企业不存在', 'There is no such enterprise')

const fault = (code: string, pointer: string, zh: string, en: string): Fault => ({
  code: `MANDATE-${code}`,
  pointer,
  severity: 'error',
  text: { zh, en },
  cure: { zh: '更正后重新提交', en: 'Correct it and send again' },
})
