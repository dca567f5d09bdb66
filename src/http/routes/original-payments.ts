/**
 * Original payment data (179号): platforms hand it in and look at it, masked unless they ask for the
 * raw texts, which is written down.
 */
import { z } from '@hono/zod-openapi'
import { findPaymentData, type PaymentResult, takePayments } from '../../flow/original-payments.ts'
import { errorsFirst, type Fault } from '../../kernel/fault.ts'
import { BODY_BYTES_MAX, FAULTS_PER_DOCUMENT_MAX } from '../../kernel/limits.ts'
import { ORIGINAL_PAYMENTS_PER_REQUEST_MAX } from '../../kernel/payment-limits.ts'
import { askerOf } from '../audit.ts'
import { isEncoded, isRecord, mediaTypeOf, readJson } from '../body.ts'
import { reader, writer } from '../callers.ts'
import { handedFaults } from '../intake-faults.ts'
import { paymentsRequest, paymentsTaken, paymentViews } from '../payment-schemas.ts'
import { problemResponse } from '../problems.ts'
import { route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'

export const handInPaymentsRoute = route(
  {
    method: 'post',
    path: '/api/v1/original-payments',
    summary: { zh: '提交支付原始数据(179号)', en: 'Hand in original payment data (179)' },
    access: 'documents:write',
    query: z.object({ enterprise: enterpriseQuery }),
    raw: {
      mediaTypes: ['application/json'],
      schema: paymentsRequest,
      description: {
        zh: `一批支付,最多 ${ORIGINAL_PAYMENTS_PER_REQUEST_MAX} 笔`,
        en: `Payments, at most ${ORIGINAL_PAYMENTS_PER_REQUEST_MAX}`,
      },
    },
    answers: {
      200: { description: { zh: '全部接收', en: 'All were taken' }, schema: paymentsTaken },
      207: { description: { zh: '部分接收', en: 'Some were taken' }, schema: paymentsTaken },
    },
    problems: [
      ...(['BODY-NOT-UTF8', 'BODY-NOT-JSON', 'BODY-WRONG-SHAPE', 'PAYMENTS-TOO-MANY'] as const),
      ...(['PAYMENTS-REFUSED', 'ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'] as const),
    ],
  },
  async ({ c, deps, query, identity, refuse, charge }) => {
    const found = writer(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const { raw } = c.req
    if (isEncoded(raw) || mediaTypeOf(raw) !== 'application/json')
      return refuse('CONTENT-TYPE-WRONG')
    const read = await readJson(raw, BODY_BYTES_MAX)
    if (read.kind === 'problem') return refuse(read.code)
    const payments = isRecord(read.value) ? read.value.payments : undefined
    if (!Array.isArray(payments) || payments.length === 0)
      return refuse('BODY-WRONG-SHAPE', [handedFaults.paymentsMissing])
    if (payments.length > ORIGINAL_PAYMENTS_PER_REQUEST_MAX) return refuse('PAYMENTS-TOO-MANY')
    const usedUp = await charge(payments.length)
    if (usedUp !== undefined) return usedUp
    const results = await takePayments(deps.flow, found.caller, payments)
    const refused = results.filter(({ id }) => id === undefined).length
    const taken = results.length - refused
    const members = { taken, refused, results }
    return taken === 0
      ? problemResponse(c, 'PAYMENTS-REFUSED', { faults: pointed(results), members })
      : c.json(members, refused === 0 ? 200 : 207)
  },
)

/** Faults of the payments, pointed into the body. */
const pointed = (results: readonly PaymentResult[]): readonly Fault[] =>
  errorsFirst(
    results.flatMap(({ index, faults = [] }) =>
      faults.map((fault) => ({ ...fault, pointer: `/payments/${index}${fault.pointer}` })),
    ),
  ).slice(0, FAULTS_PER_DOCUMENT_MAX)

export const findPaymentRoute = route(
  {
    method: 'get',
    path: '/api/v1/original-payments/{orderNo}',
    summary: {
      zh: '查看订单的支付原始数据',
      en: 'Original payment data of an order',
    },
    access: 'documents:read',
    query: z.object({
      enterprise: enterpriseQuery,
      clear: z.enum(['true', 'false']).optional().openapi({
        description: '显示原文并记入访问日志 / shows the raw texts, and is written to the log',
      }),
    }),
    answers: {
      200: {
        description: {
          zh: '覆盖该订单的支付,最新的在前',
          en: 'The payments that cover it, newest first',
        },
        schema: paymentViews,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const clear = query.clear === 'true'
    const asking = { clear, ...askerOf(c) }
    const payments = await findPaymentData(deps.flow, found.caller, param('orderNo'), asking)
    if (payments === undefined) return refuse('NOT-FOUND')
    c.header('cache-control', 'no-store')
    return c.json({ orderNo: param('orderNo'), clear, payments })
  },
)
