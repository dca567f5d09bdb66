/**
 * What each route is asked in the contract test, one case for each status that does not follow from
 * what the route is (its access, its query, its body).
 */
import { getDeclaration } from '../../src/catalogue/index.ts'
import { csvOf, rowsOf } from '../support/sheets.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp } from './app.ts'
import { actionCases, type PreparedList } from './contract-action-cases.ts'
import { bondedCases, type PreparedBook } from './contract-bonded-cases.ts'
import { openCases } from './contract-open-cases.ts'
import { operatorCases, rehearsalCases } from './contract-operator-cases.ts'
import { type PreparedUpload, paymentCases } from './contract-payment-cases.ts'
import { referenceCases } from './contract-reference-cases.ts'
import { type PreparedCorrections, rejectionCases } from './contract-rejection-cases.ts'
import { type PreparedReport, reportCases } from './contract-report-cases.ts'
import { ruleCases } from './contract-rule-cases.ts'
import { type PreparedSettlements, settlementCases } from './contract-settlement-cases.ts'
import { targetCases } from './contract-target-cases.ts'
import { taxCases } from './contract-tax-cases.ts'
import { type PreparedUsers, userCases } from './contract-user-cases.ts'

export interface Case {
  readonly route: string
  readonly status: number
  readonly path?: () => string
  readonly init: () => RequestInit
}

/** Ids that the cases speak of, known once the application is prepared. */
export interface Known
  extends PreparedList,
    PreparedUpload,
    PreparedBook,
    PreparedCorrections,
    PreparedReport,
    PreparedSettlements,
    PreparedUsers {
  /** A mandate of the platform. */
  mandate: string
  document: string
  waiting: string
  /** An order that the exchange platform refused to pass on. */
  undelivered: string
  /** A list that its rules hold back. */
  blocked: string
  /** A reply that cannot be read. */
  unreadable: string
}

export const contractCases = (test: () => TestApp, known: Known): readonly Case[] => {
  const platform = () => test().account(test().cast.platform)
  const asPlatform = () => ({ headers: bearer(platform().key) })
  const asOperator = () => ({ headers: bearer(test().operatorKey) })
  const enterprisePath = (rest: string, id?: string) => () =>
    `/api/v1/enterprises/${id ?? platform().id}${rest}`
  const enterprise = {
    name: '合成企业',
    roles: ['merchant'],
  }
  const order = (n: number) => ({ kind: 'CEB311', document: test().consignment(n).order })
  const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'

  /** What follows from no rule. */
  const list: readonly Case[] = [
    ...actionCases(test, known),
    ...paymentCases(test, known),
    ...bondedCases(test, known),
    ...ruleCases(test, known),
    ...openCases(test, known),
    ...reportCases(test, known),
    ...settlementCases(test, known),
    ...userCases(test, known),
    {
      route: 'POST /api/v1/quota',
      status: 200,
      init: () => json(platform().key, { buyerIdNumber: '11010519491231002X' }),
    },
    {
      route: 'POST /api/v1/quota',
      status: 404,
      path: () => `/api/v1/quota?enterprise=${UNKNOWN}`,
      init: () => json(platform().key, { buyerIdNumber: '11010519491231002X' }),
    },
    ...referenceCases(test),
    ...operatorCases(test),
    ...rehearsalCases(test),
    ...taxCases(test),
    ...targetCases(test),
    { route: 'POST /api/v1/documents', status: 200, init: () => json(platform().key, order(10)) },
    {
      route: 'POST /api/v1/documents',
      status: 207,
      init: () =>
        json(platform().key, { kind: 'CEB311', documents: [test().consignment(11).order, {}] }),
    },
    {
      route: 'POST /api/v1/documents',
      status: 422,
      init: () => json(platform().key, { kind: 'CEB311', document: {} }),
    },
    {
      route: 'POST /api/v1/documents',
      status: 404,
      path: () => `/api/v1/documents?enterprise=${UNKNOWN}`,
      init: () => json(platform().key, order(12)),
    },
    {
      route: 'POST /api/v1/messages',
      status: 404,
      path: () => `/api/v1/messages?enterprise=${UNKNOWN}`,
      init: () => xml('<a/>'),
    },
    { route: 'POST /api/v1/messages', status: 422, init: () => xml('<a/>') },
    { route: 'POST /api/v1/messages', status: 200, init: () => xml(messageXml(13)) },
    { route: 'POST /api/v1/messages', status: 207, init: () => xml(messageXml(14, true)) },
    ...(
      [
        [200, () => [test().consignment(15).order]],
        [207, () => [test().consignment(16).order, { OrderHead: { orderNo: 'x', ebpCode: 'y' } }]],
        [422, () => []],
      ] as const
    ).map(
      ([status, orders]): Case => ({
        route: 'POST /api/v1/sheets/{kind}',
        status,
        init: () => csv(csvOf(rowsOf(getDeclaration('CEB311'), orders()))),
      }),
    ),
    {
      route: 'POST /api/v1/sheets/{kind}',
      status: 404,
      path: () => `/api/v1/sheets/CEB311?enterprise=${UNKNOWN}`,
      init: () => csv('x'),
    },
    {
      route: 'POST /api/v1/sheets/{kind}',
      status: 400,
      init: () => ({ ...csv('x'), headers: { ...csv('x').headers, 'idempotency-key': ' ' } }),
    },
    { route: 'GET /api/v1/limits', status: 200, init: () => ({}) },
    { route: 'GET /metrics', status: 200, init: asOperator },
    { route: 'GET /api/v1/sheets/{kind}.xlsx', status: 200, init: () => ({}) },
    {
      route: 'GET /api/v1/sheets/{kind}.xlsx',
      status: 404,
      path: () => '/api/v1/sheets/CEB312.xlsx',
      init: () => ({}),
    },
    {
      route: 'GET /api/v1/sheets/{kind}.xlsx',
      status: 400,
      path: () => `/api/v1/sheets/CEB311.xlsx?with=${'CEB411,'.repeat(60)}`,
      init: () => ({}),
    },
    { route: 'GET /api/v1/documents', status: 200, init: asPlatform },
    {
      route: 'GET /api/v1/documents',
      status: 404,
      path: () => `/api/v1/documents?enterprise=${UNKNOWN}`,
      init: asPlatform,
    },
    ...['', '/timeline', '/message.xml'].flatMap((rest): readonly Case[] => [
      {
        route: `GET /api/v1/documents/{id}${rest}`,
        status: 200,
        path: () => `/api/v1/documents/${known.document}${rest}`,
        init: asPlatform,
      },
      {
        route: `GET /api/v1/documents/{id}${rest}`,
        status: 404,
        path: () => `/api/v1/documents/${UNKNOWN}${rest}`,
        init: asPlatform,
      },
    ]),
    {
      route: 'GET /api/v1/documents/{id}/message.xml',
      status: 409,
      path: () => `/api/v1/documents/${known.waiting}/message.xml`,
      init: asPlatform,
    },
    {
      route: 'GET /api/v1/consignments/{orderNo}',
      status: 200,
      path: () => `/api/v1/consignments/${test().consignment(1).orderNo}`,
      init: asPlatform,
    },
    {
      route: 'GET /api/v1/consignments/{orderNo}',
      status: 404,
      path: () => '/api/v1/consignments/nothing',
      init: asPlatform,
    },
    {
      route: 'GET /api/v1/totals',
      status: 200,
      path: () => '/api/v1/totals?by=enterprise&role=platform&scope=policy',
      init: asOperator,
    },
    {
      route: 'GET /api/v1/totals',
      status: 403,
      path: () => '/api/v1/totals?by=enterprise',
      init: asPlatform,
    },
    ...['zone', 'mode', 'month', 'direction'].map(
      (by): Case => ({
        route: 'GET /api/v1/totals',
        status: 200,
        path: () => `/api/v1/totals?by=${by}`,
        init: () => ({}),
      }),
    ),
    ...['country', 'chapter', 'institution'].flatMap((by): readonly Case[] => {
      const asked = { route: 'GET /api/v1/totals', path: () => `/api/v1/totals?by=${by}` }
      return [
        { ...asked, status: 403, init: () => ({}) },
        { ...asked, status: 200, init: asOperator },
      ]
    }),
    { route: 'GET /api/v1/status', status: 200, init: () => ({}) },
    { route: 'GET /api/v1/status', status: 200, init: asPlatform },
    { route: 'GET /api/v1/queue', status: 200, init: asPlatform },
    {
      route: 'GET /api/v1/queue',
      status: 404,
      path: () => `/api/v1/queue?enterprise=${UNKNOWN}`,
      init: asOperator,
    },
    { route: 'POST /api/v1/customs/replies', status: 202, init: () => reply('<x/>') },
    { route: 'POST /api/v1/customs/replies', status: 200, init: () => reply('<x/>') },
    { route: 'POST /api/v1/customs/replies', status: 400, init: () => reply('') },
    {
      route: 'POST /api/v1/customs/replies',
      status: 415,
      init: () => ({
        ...reply('<x/>'),
        headers: { ...bearer(CUSTOMS_TOKEN), 'content-encoding': 'br' },
      }),
    },
    {
      route: 'GET /api/v1/replies',
      status: 200,
      path: () => '/api/v1/replies?state=new',
      init: asOperator,
    },
    ...['', '/raw'].flatMap((rest): readonly Case[] =>
      ([200, 404] as const).map((status) => ({
        ...{ route: `GET /api/v1/replies/{id}${rest}`, status, init: asOperator },
        path: () => `/api/v1/replies/${status === 200 ? known.unreadable : UNKNOWN}${rest}`,
      })),
    ),
    ...([200, 409, 404] as const).map(
      (status): Case => ({
        ...{ route: 'POST /api/v1/replies/{id}/retry', status },
        path: () => `/api/v1/replies/${status === 404 ? UNKNOWN : known.unreadable}/retry`,
        init: asOperator,
      }),
    ),
    {
      ...{ route: 'POST /api/v1/replies/retry', status: 200 },
      init: () => json(test().operatorKey, { state: 'unmatched' }),
    },
    { route: 'GET /api/v1/codes/unknown', status: 200, init: asOperator },
    ...([200, 409] as const).map(
      (status): Case => ({
        ...{ route: 'POST /api/v1/documents/{id}/resend', status },
        path: () => `/api/v1/documents/${known.undelivered}/resend`,
        init: () => ({ headers: bearer(platform().key) }),
      }),
    ),
    {
      ...{ route: 'POST /api/v1/documents/{id}/resend', status: 404 },
      path: () => `/api/v1/documents/${UNKNOWN}/resend`,
      init: () => ({ headers: bearer(platform().key) }),
    },
    {
      ...{ route: 'POST /api/v1/messages/resend', status: 200 },
      init: () => json(test().operatorKey, {}),
    },
    {
      route: 'POST /api/v1/enterprises',
      status: 201,
      init: () => json(test().operatorKey, { ...enterprise, customsCode: '5001960ZA1' }),
    },
    {
      route: 'POST /api/v1/enterprises',
      status: 409,
      init: () => json(test().operatorKey, { ...enterprise, customsCode: '5001960ZA1' }),
    },
    {
      route: 'POST /api/v1/enterprises',
      status: 422,
      init: () => json(test().operatorKey, enterprise),
    },
    { route: 'GET /api/v1/enterprises', status: 200, init: asOperator },
    {
      route: 'GET /api/v1/enterprises/{id}',
      status: 200,
      path: enterprisePath(''),
      init: asOperator,
    },
    {
      route: 'POST /api/v1/enterprises/{id}/members',
      status: 201,
      path: enterprisePath('/members'),
      init: () => json(test().operatorKey, member),
    },
    {
      route: 'POST /api/v1/enterprises/{id}/members',
      status: 409,
      path: enterprisePath('/members'),
      init: () => json(test().operatorKey, member),
    },
    {
      route: 'POST /api/v1/enterprises/{id}/keys',
      status: 201,
      path: enterprisePath('/keys'),
      init: () => json(test().operatorKey, { name: 'k', scopes: ['documents:read'], days: 30 }),
    },
    {
      route: 'GET /api/v1/enterprises/{id}/keys',
      status: 200,
      path: enterprisePath('/keys'),
      init: asOperator,
    },
    {
      route: 'POST /api/v1/enterprises/{id}/signing-keys',
      status: 201,
      path: enterprisePath('/signing-keys'),
      init: () => json(test().operatorKey, signingKey()),
    },
    {
      route: 'POST /api/v1/enterprises/{id}/signing-keys',
      status: 409,
      path: enterprisePath('/signing-keys'),
      init: () => json(test().operatorKey, signingKey()),
    },
    {
      route: 'POST /api/v1/enterprises/{id}/signing-keys',
      status: 422,
      path: enterprisePath('/signing-keys'),
      init: () => json(test().operatorKey, { certificate: 'AAAA', privateKey: 'AAAA' }),
    },
    {
      route: 'GET /api/v1/enterprises/{id}/signing-keys',
      status: 200,
      path: enterprisePath('/signing-keys'),
      init: asOperator,
    },
    {
      route: 'DELETE /api/v1/enterprises/{id}/signing-keys/{keyName}',
      status: 204,
      path: () => enterprisePath(`/signing-keys/${newKey().keyName}`)(),
      init: () => ({ method: 'DELETE', ...asOperator() }),
    },
    {
      route: 'DELETE /api/v1/enterprises/{id}/signing-keys/{keyName}',
      status: 404,
      path: () => enterprisePath(`/signing-keys/${newKey().keyName}`)(),
      init: () => ({ method: 'DELETE', ...asOperator() }),
    },
    { route: 'GET /api/v1/links', status: 200, init: asOperator },
    {
      route: 'GET /api/v1/enterprises/{id}/links',
      status: 200,
      path: enterprisePath('/links'),
      init: asOperator,
    },
    ...(['GET', 'POST'] as const).map(
      (method): Case => ({
        route: `${method} /api/v1/enterprises/{id}/links`,
        status: 404,
        path: enterprisePath('/links', UNKNOWN),
        init: () => (method === 'GET' ? asOperator() : json(test().operatorKey, wantedLink)),
      }),
    ),
    {
      route: 'POST /api/v1/enterprises/{id}/links',
      status: 200,
      path: enterprisePath('/links'),
      init: () => json(test().operatorKey, wantedLink),
    },
    {
      route: 'POST /api/v1/enterprises/{id}/links',
      status: 422,
      path: enterprisePath('/links'),
      init: () => json(test().operatorKey, { ...wantedLink, link: 'carrier-pigeon' }),
    },
    {
      route: 'POST /api/v1/mandates',
      status: 201,
      init: () => json(test().operatorKey, mandate()),
    },
    {
      route: 'POST /api/v1/mandates',
      status: 422,
      init: () => json(test().operatorKey, { ...mandate(), kinds: ['CEB999'] }),
    },
    {
      route: 'POST /api/v1/mandates',
      status: 404,
      init: () => json(test().account(test().cast.carrier).key, mandate()),
    },
    { route: 'POST /api/v1/mandates', status: 403, init: () => json(platform().key, mandate()) },
    { route: 'GET /api/v1/mandates', status: 200, init: asPlatform },
    {
      route: 'GET /api/v1/mandates',
      status: 404,
      path: () => `/api/v1/mandates?enterprise=${UNKNOWN}`,
      init: asPlatform,
    },
    {
      ...{ route: 'GET /api/v1/mandates/{id}', status: 200, init: asPlatform },
      path: () => `/api/v1/mandates/${known.mandate}`,
    },
    {
      ...{ route: 'GET /api/v1/mandates/{id}', status: 404 },
      path: () => `/api/v1/mandates/${known.mandate}`,
      init: () => ({ headers: bearer(test().account(test().cast.carrier).key) }),
    },
    ...(
      [
        [422, '?on=2020-01-01', () => test().operatorKey],
        [403, '', () => platform().key],
        [200, '', () => test().operatorKey],
        [409, '', () => test().operatorKey],
        [404, '', () => test().account(test().cast.carrier).key],
      ] as const
    ).map(
      ([status, query, key]): Case => ({
        ...{ route: 'DELETE /api/v1/mandates/{id}', status },
        path: () => `/api/v1/mandates/${known.mandate}${query}`,
        init: () => ({ headers: bearer(key()) }),
      }),
    ),
    { route: 'GET /api/v1/stuck', status: 200, init: asPlatform },
    { route: 'GET /api/v1/deadlines', status: 200, init: asPlatform },
    {
      ...{ route: 'GET /api/v1/deadlines', status: 404, init: asOperator },
      path: () => `/api/v1/deadlines?enterprise=${UNKNOWN}`,
    },
    {
      ...{ route: 'GET /api/v1/stuck', status: 404, init: asPlatform },
      path: () => `/api/v1/stuck?enterprise=${UNKNOWN}`,
    },
    { route: 'GET /api/v1/me', status: 200, init: asPlatform },
    { route: 'GET /healthz', status: 200, init: () => ({}) },
    { route: 'GET /readyz', status: 200, init: () => ({}) },
    ...rejectionCases(test, known),
  ]

  const wantedLink = { direction: 'both', link: null, moveQueue: true }
  const member = { name: 'Synthetic Member', email: 'member@yuguan.example', role: 'member' }
  const mandate = () => ({
    principalId: platform().id,
    agentId: test().account(test().cast.declarants[0]).id,
    kinds: ['CEB311'],
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
  })
  let made: ReturnType<TestApp['gateway']['signingKeys']['create']> | undefined
  const newKey = () => {
    made ??= test().gateway.signingKeys.create('sm2-sm3', '合成证书', new Date())
    return made
  }
  const signingKey = () => {
    const { certificate, privateKey } = newKey()
    return { certificate, privateKey }
  }
  const xml = (body: string): RequestInit => ({
    method: 'POST',
    headers: { ...bearer(platform().key), 'content-type': 'application/xml' },
    body,
  })
  const csv = (body: string) => ({
    method: 'POST',
    headers: { ...bearer(platform().key), 'content-type': 'text/csv' },
    body,
  })
  const reply = (body: string): RequestInit => ({
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body,
  })
  const messageXml = (n: number, withBad = false): string => {
    const head = test().consignment(n).order.OrderHead
    const lines = test().consignment(n).order.OrderList
    const record = (name: string, fields: object): string =>
      `<${name}>${Object.entries(fields)
        .map(([field, value]) => `<${field}>${String(value)}</${field}>`)
        .join('')}</${name}>`
    const one = `<Order>${record('OrderHead', head)}${lines.map((l) => record('OrderList', l)).join('')}</Order>`
    const bad = one.replace(head.orderNo, '').replace(head.guid, `${head.guid.slice(0, 35)}Z`)
    return `<CEB311Message xmlns="http://www.chinaport.gov.cn/ceb" guid="${head.guid}" version="1.0">${one}${withBad ? bad : ''}<BaseTransfer><copCode>${head.ebpCode}</copCode><copName>x</copName><dxpMode>DXP</dxpMode><dxpId>DXPENT0000000001</dxpId></BaseTransfer></CEB311Message>`
  }

  return list
}
