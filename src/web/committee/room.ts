/** The desk of the zones' committee: every figure of the city and nothing personal; open to the operator too. */
import type { Room } from '../desk/room.ts'
import { billedPage } from './billed-page.tsx'
import { countedDocumentPage } from './document-page.tsx'
import { documentsPage, exportPage } from './documents-page.tsx'
import { OPEN_ITEMS_PATH, openItemsPage } from './open-items-page.tsx'
import { overviewPage } from './overview.tsx'
import { recordsPage } from './records-page.tsx'
import { makeReport, reportFile, reportsPage, signPage, signReport } from './reports-page.tsx'
import { indicatorPage, scoreboardPage } from './scoreboard-page.tsx'
import { settlementPage } from './settlement-page.tsx'
import { RECORDS_PATH } from './slices.ts'
import { committeeTexts as texts } from './texts.ts'
import { totalsPage } from './totals-page.tsx'
import { zonePage } from './zone-page.tsx'

export const committeeRoom: Room = {
  path: '/committee',
  name: texts.room,
  opensTo: ({ kind }) => kind !== 'enterprise',
  sections: [
    { path: '/committee', name: texts.overview },
    { path: '/committee/totals', name: texts.totals },
    { path: '/committee/scoreboard', name: texts.scoreboard },
    { path: '/committee/settlement', name: texts.settlement },
    { path: '/committee/reports', name: texts.reports },
    { path: '/committee/wall', name: texts.wall },
  ],
  mount: (desk) => {
    desk.page('/committee', overviewPage)
    desk.page('/committee/totals', totalsPage)
    desk.page('/committee/totals/documents', documentsPage)
    desk.page('/committee/totals/documents/:id', countedDocumentPage)
    desk.page('/committee/totals/billed', billedPage)
    desk.page('/committee/totals/export/:format', exportPage)
    desk.page('/committee/zones/:code', zonePage)
    desk.page('/committee/scoreboard', scoreboardPage)
    desk.page('/committee/scoreboard/:indicator', indicatorPage)
    desk.page('/committee/settlement', settlementPage)
    desk.page(OPEN_ITEMS_PATH, openItemsPage)
    desk.page(RECORDS_PATH, recordsPage)
    desk.page('/committee/reports', reportsPage)
    desk.action('/committee/reports', makeReport)
    desk.page('/committee/reports/:id/sign', signPage)
    desk.action('/committee/reports/:id/sign', signReport)
    desk.page('/committee/reports/:id/:format', reportFile)
    desk.page('/committee/wall', ({ go }) => go('/wall'))
  },
}
