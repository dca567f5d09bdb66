/**
 * The HTTP application: the list of routes, what stands around each of them (request id, security
 * headers, a line in the log), and the one place where an error becomes an answer. A factory: the
 * same code serves Node for a year and a Worker for one request.
 */
import { Hono } from 'hono'
import { routePath } from 'hono/route'
import { secureHeaders } from 'hono/secure-headers'
import { isId } from '../kernel/ids.ts'
import { isDatabaseAway } from './database-away.ts'
import { problemResponse } from './problems.ts'
import { type AppDeps, type AppEnv, type Route, routerPath } from './route.ts'
import { accessLogRoute } from './routes/access-log.ts'
import { cancelRoute, returnRoute } from './routes/actions.ts'
import {
  enterMovementsRoute,
  findBookRoute,
  listBooksRoute,
  listMovementsRoute,
  putItemsRoute,
  registerBookRoute,
  takeCountRoute,
} from './routes/bonded-books.ts'
import { clientNamesRoute, clientsRoute } from './routes/clients.ts'
import { deadlinesRoute, stuckRoute } from './routes/clocks.ts'
import { findCorrectionRoute, listCorrectionsRoute } from './routes/corrections.ts'
import { takeReplyRoute, unknownCodesRoute } from './routes/customs.ts'
import {
  listDisclosuresRoute,
  openCallRoute,
  openPlatformCallRoute,
  retryDisclosureRoute,
} from './routes/disclosures.ts'
import {
  consignmentRoute,
  findDocumentRoute,
  listDocumentsRoute,
  messageXmlRoute,
  timelineRoute,
} from './routes/documents.ts'
import {
  changeEnterpriseRoute,
  createEnterpriseRoute,
  createKeyRoute,
  createMemberRoute,
  findEnterpriseRoute,
  listEnterprisesRoute,
  listKeysRoute,
  listMembersRoute,
  revokeKeyRoute,
} from './routes/enterprises.ts'
import { eventsRoute } from './routes/events.ts'
import { healthRoute, readyRoute } from './routes/health.ts'
import { handInDocuments, handInMessage } from './routes/intake.ts'
import { limitsRoute } from './routes/limits.ts'
import { chooseLinkRoute, enterpriseLinksRoute, listLinksRoute } from './routes/links.ts'
import {
  createMandateRoute,
  endMandateRoute,
  findMandateRoute,
  listMandatesRoute,
  meRoute,
} from './routes/mandates.ts'
import { metricsRoute } from './routes/metrics.ts'
import { openCatalogRoute, openCsvRoute, openTotalsRoute } from './routes/open-data.ts'
import {
  createOperatorKeyRoute,
  createStaffRoute,
  listOperatorKeysRoute,
  listStaffRoute,
  referenceIndexRoute,
  referenceLoadsRoute,
  revokeOperatorKeyRoute,
  troubledRoute,
} from './routes/operators.ts'
import { findPaymentRoute, handInPaymentsRoute } from './routes/original-payments.ts'
import { quotaRoute } from './routes/quota.ts'
import { loadReferenceRoute, showReferenceRoute } from './routes/reference.ts'
import {
  findRehearsalRoute,
  listRehearsalsRoute,
  startRehearsalRoute,
  stopRehearsalRoute,
} from './routes/rehearsals.ts'
import {
  correctRoute,
  foldRoute,
  giveMeaningRoute,
  listRejectedRoute,
} from './routes/rejections.ts'
import {
  findReplyRoute,
  listRepliesRoute,
  rawReplyRoute,
  retryRepliesRoute,
  retryReplyRoute,
} from './routes/replies.ts'
import {
  listReportsRoute,
  publishReportRoute,
  reportJsonRoute,
  reportPdfRoute,
  reportXlsxRoute,
  signOffReportRoute,
} from './routes/reports.ts'
import { resendAllRoute, resendRoute } from './routes/resends.ts'
import { chooseRulesRoute, listRulesRoute, sendAnywayRoute } from './routes/rules.ts'
import {
  giveTagRoute,
  indicatorRoute,
  listTagsRoute,
  scoreboardRoute,
} from './routes/scoreboard.ts'
import {
  findSettlementRoute,
  handInSettlementsRoute,
  listSettlementsRoute,
  openItemsRoute,
  registrationLineRoute,
  settlementTotalsRoute,
  withdrawSettlementRoute,
} from './routes/settlements.ts'
import { handInSheetRoute, templateRoute } from './routes/sheets.ts'
import {
  createSigningKeyRoute,
  listSigningKeysRoute,
  retireSigningKeyRoute,
} from './routes/signing-keys.ts'
import { queueRoute, statusRoute } from './routes/status.ts'
import { dueSummariesRoute, summariseRoute } from './routes/summaries.ts'
import { targetsRoute } from './routes/targets.ts'
import { estimateTaxRoute, taxVariancesRoute } from './routes/tax.ts'
import { totalsRoute } from './routes/totals.ts'
import {
  billedListsRoute,
  countedDocumentRoute,
  exportCsvRoute,
  exportParquetRoute,
  totalsDocumentsRoute,
} from './routes/totals-documents.ts'
import {
  changeMemberRoute,
  findMemberRoute,
  removeMemberRoute,
  resetUserRoute,
} from './routes/users.ts'
import { differencesRoute, findVersionRoute, versionsRoute } from './routes/versions.ts'
import {
  createWebhookRoute,
  deleteWebhookRoute,
  findWebhookRoute,
  listWebhooksRoute,
  resendEventsRoute,
  rotateSecretRoute,
  setWebhookRoute,
  testWebhookRoute,
} from './routes/webhooks.ts'
import { zoneRoute, zonesRoute } from './routes/zones.ts'
import { handleAuth } from './sign-in.ts'

/** Every route of the interface; the OpenAPI document and the contract test walk over it. */
export const routes: readonly Route[] = [
  handInDocuments,
  handInMessage,
  handInSheetRoute,
  templateRoute,
  listDocumentsRoute,
  findDocumentRoute,
  timelineRoute,
  messageXmlRoute,
  versionsRoute,
  findVersionRoute,
  differencesRoute,
  consignmentRoute,
  foldRoute,
  listRejectedRoute,
  correctRoute,
  listCorrectionsRoute,
  findCorrectionRoute,
  cancelRoute,
  returnRoute,
  sendAnywayRoute,
  resendRoute,
  resendAllRoute,
  troubledRoute,
  dueSummariesRoute,
  summariseRoute,
  estimateTaxRoute,
  taxVariancesRoute,
  quotaRoute,
  totalsRoute,
  totalsDocumentsRoute,
  countedDocumentRoute,
  billedListsRoute,
  exportCsvRoute,
  exportParquetRoute,
  zonesRoute,
  zoneRoute,
  openTotalsRoute,
  openCsvRoute,
  openCatalogRoute,
  publishReportRoute,
  listReportsRoute,
  reportPdfRoute,
  reportXlsxRoute,
  reportJsonRoute,
  signOffReportRoute,
  targetsRoute,
  scoreboardRoute,
  indicatorRoute,
  referenceIndexRoute,
  showReferenceRoute,
  loadReferenceRoute,
  referenceLoadsRoute,
  statusRoute,
  queueRoute,
  takeReplyRoute,
  listRepliesRoute,
  findReplyRoute,
  rawReplyRoute,
  retryReplyRoute,
  retryRepliesRoute,
  unknownCodesRoute,
  giveMeaningRoute,
  handInPaymentsRoute,
  findPaymentRoute,
  accessLogRoute,
  openCallRoute,
  openPlatformCallRoute,
  listDisclosuresRoute,
  retryDisclosureRoute,
  listBooksRoute,
  registerBookRoute,
  findBookRoute,
  putItemsRoute,
  enterMovementsRoute,
  listMovementsRoute,
  takeCountRoute,
  handInSettlementsRoute,
  listSettlementsRoute,
  settlementTotalsRoute,
  openItemsRoute,
  registrationLineRoute,
  findSettlementRoute,
  withdrawSettlementRoute,
  clientsRoute,
  clientNamesRoute,
  stuckRoute,
  deadlinesRoute,
  eventsRoute,
  createWebhookRoute,
  listWebhooksRoute,
  findWebhookRoute,
  setWebhookRoute,
  deleteWebhookRoute,
  rotateSecretRoute,
  testWebhookRoute,
  resendEventsRoute,
  createEnterpriseRoute,
  listEnterprisesRoute,
  changeEnterpriseRoute,
  findEnterpriseRoute,
  createMemberRoute,
  listMembersRoute,
  findMemberRoute,
  changeMemberRoute,
  removeMemberRoute,
  resetUserRoute,
  createKeyRoute,
  listKeysRoute,
  revokeKeyRoute,
  listStaffRoute,
  createStaffRoute,
  listOperatorKeysRoute,
  createOperatorKeyRoute,
  revokeOperatorKeyRoute,
  listTagsRoute,
  giveTagRoute,
  createSigningKeyRoute,
  listSigningKeysRoute,
  retireSigningKeyRoute,
  listLinksRoute,
  enterpriseLinksRoute,
  chooseLinkRoute,
  listRulesRoute,
  chooseRulesRoute,
  createMandateRoute,
  listMandatesRoute,
  findMandateRoute,
  endMandateRoute,
  startRehearsalRoute,
  listRehearsalsRoute,
  findRehearsalRoute,
  stopRehearsalRoute,
  meRoute,
  limitsRoute,
  metricsRoute,
  healthRoute,
  readyRoute,
]

export type App = Hono<AppEnv>

export const createApp = (deps: AppDeps): App => {
  const app: App = new Hono<AppEnv>()
  surround(app, deps)
  for (const { spec, handle } of routes)
    app.on(spec.method.toUpperCase(), routerPath(spec.path), handle)
  app.on(['GET', 'POST'], '/api/auth/*', handleAuth)
  let openApi: Promise<Uint8Array<ArrayBuffer>> | undefined
  app.get('/openapi.json', async (c) => {
    // Large and seldom asked for: made once, when somebody asks.
    openApi ??= import('./openapi.ts').then(({ openApiBytes }) =>
      openApiBytes(routes, deps.version, deps.publicUrl),
    )
    return c.body(await openApi, 200, { 'content-type': 'application/json' })
  })
  if (deps.pages !== undefined) app.route('/', deps.pages)
  app.notFound((c) => {
    const allowed = allowedMethods(c.req.path)
    return allowed.length === 0
      ? problemResponse(c, 'NOT-FOUND')
      : problemResponse(c, 'METHOD-NOT-ALLOWED', { headers: { allow: allowed.join(', ') } })
  })
  app.onError((error, c) => {
    const requestId = c.get('requestId')
    if (isDatabaseAway(error)) {
      deps.flow.log.warn('database-away', { requestId, reason: error.name })
      return problemResponse(c, 'NOT-READY', { headers: { 'retry-after': '5' } })
    }
    if (c.req.raw.signal.aborted) {
      // The sender went away in the middle: nobody hears the answer, and nothing is wrong here.
      deps.flow.log.info('request-aborted', { requestId })
      return problemResponse(c, 'INTERNAL')
    }
    // The stack names our own code only; messages of a database may quote values.
    deps.flow.log.error('request-failed', { requestId, reason: error.name, stack: frames(error) })
    return problemResponse(c, 'INTERNAL')
  })
  return app
}

const surround = (app: App, deps: AppDeps): void => {
  const { clock, ids, log } = deps.flow
  app.use(async (c, next) => {
    const started = clock.now().getTime()
    const given = c.req.header('x-request-id')
    const requestId = given !== undefined && isId(given) ? given : ids.next()
    c.set('requestId', requestId)
    c.set('deps', deps)
    c.set('fetchApp', async (request, env) => app.fetch(request, env))
    await next()
    c.header('x-request-id', requestId)
    for (const [name, value] of Object.entries(c.get('quotaHeaders') ?? {})) c.header(name, value)
    const ms = clock.now().getTime() - started
    // The pattern and not the path: a path may hold anything.
    const told = { method: c.req.method, route: routePath(c, -1), status: c.res.status }
    deps.metrics?.request({ ...told, seconds: ms / 1000 })
    log.info('request', { requestId, ...told, ms })
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      referrerPolicy: 'same-origin',
      strictTransportSecurity: deps.publicUrl?.startsWith('https:') === true,
    }),
  )
}

/** Methods under which a path that was not found is there. */
const allowedMethods = (path: string): readonly string[] => [
  ...new Set(
    routes
      .filter(({ spec }) => matches(spec.path, path))
      .map(({ spec }) => spec.method.toUpperCase()),
  ),
]

const matches = (pattern: string, path: string): boolean => {
  const wanted = pattern.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => {
      const end = part.startsWith('{') ? part.slice(part.indexOf('}') + 1) : undefined
      return end === undefined ? part === given[index] : given[index]?.endsWith(end)
    })
  )
}

/** Where it happened, without the message above. */
const frames = (error: Error): readonly string[] =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, STACK_FRAMES)
    .map((line) => line.trim())

const STACK_FRAMES = 12
