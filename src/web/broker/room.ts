/** The customs broker's desk: all clients in one place, for whoever declares for them. */
import type { Room } from '../desk/room.ts'
import { hasRole } from '../desk/viewer.ts'
import { handInTexts } from '../documents/hand-in-texts.ts'
import { mountDocuments, mountHandIn } from '../documents/mount.ts'
import { consignmentPath, documentPath, handInPath } from '../documents/places.ts'
import { boardPage } from './board.tsx'
import { correctPage, previewPage } from './correct.tsx'
import { applyCorrection, correctionPage } from './corrections.tsx'
import { returnsPage } from './deadlines.tsx'
import { documentsPage } from './documents.tsx'
import { mandatesPage } from './mandates.tsx'
import { BASE, places } from './parts.tsx'
import { rejectedPage, rejectionsPage } from './rejections.tsx'
import { stuckPage } from './stuck.tsx'
import { makeSummary, summariesPage, summaryFormPage } from './summaries.tsx'
import { brokerTexts as texts } from './texts.ts'

export const brokerRoom: Room = {
  path: BASE,
  name: texts.room,
  opensTo: (viewer) => hasRole(viewer, 'declarant'),
  sections: [
    { path: BASE, name: texts.board },
    { path: `${BASE}/documents`, name: texts.documents, also: [`${BASE}/consignments`] },
    {
      path: handInPath(places),
      name: handInTexts.handIn,
      also: [`${BASE}/sheets`, `${BASE}/api`],
    },
    { path: `${BASE}/stuck`, name: texts.stuck },
    { path: `${BASE}/rejections`, name: texts.rejections, also: [`${BASE}/corrections`] },
    { path: `${BASE}/summaries`, name: texts.summaries },
    { path: `${BASE}/returns`, name: texts.returns },
    { path: `${BASE}/mandates`, name: texts.mandates },
  ],
  consignmentPath: (orderNo) => consignmentPath(places, orderNo),
  documentPath: (id) => documentPath(places, id),
  mount: (desk) => {
    desk.page(BASE, boardPage)
    // Before the shared views, whose list knows no clients.
    desk.page(`${BASE}/documents`, documentsPage)
    mountDocuments(desk, places)
    mountHandIn(desk, places)
    desk.page(`${BASE}/stuck`, stuckPage)
    desk.page(`${BASE}/rejections`, rejectionsPage)
    desk.page(`${BASE}/rejections/documents`, rejectedPage)
    desk.page(`${BASE}/rejections/correct`, correctPage)
    desk.action(`${BASE}/rejections/correct`, previewPage)
    desk.page(`${BASE}/corrections/:token`, correctionPage)
    desk.action(`${BASE}/corrections/:token/apply`, applyCorrection)
    desk.page(`${BASE}/summaries`, summariesPage)
    desk.page(`${BASE}/summaries/new`, summaryFormPage)
    desk.action(`${BASE}/summaries/new`, makeSummary)
    desk.page(`${BASE}/returns`, returnsPage)
    desk.page(`${BASE}/mandates`, mandatesPage)
  },
}
