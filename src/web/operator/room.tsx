/** The operator's desk: how the gateway stands, what is stuck, and what is his to register and load. */
import type { Room } from '../desk/room.ts'
import { auditPage } from './audit.tsx'
import { codePage, codesPage, giveMeaning } from './codes.tsx'
import { disclosuresPage, retryUpload } from './disclosures.tsx'
import { linksPage, resendAll, signersPage } from './links.tsx'
import { overviewPage } from './overview.tsx'
import { openRaw, repliesPage, replyPage, retryAll, retryOne } from './replies.tsx'
import { operatorTexts as texts } from './texts.ts'

export const operatorRoom: Room = {
  path: '/operator',
  name: texts.operator,
  opensTo: ({ kind }) => kind === 'operator',
  sections: [
    { path: '/operator', name: texts.overview },
    { path: '/operator/replies', name: texts.replies },
    { path: '/operator/codes', name: texts.codes },
    { path: '/operator/links', name: texts.links },
    { path: '/operator/signers', name: texts.signers },
    { path: '/operator/disclosures', name: texts.disclosures },
    { path: '/operator/audit', name: texts.audit },
  ],
  mount: (desk) => {
    desk.page('/operator', overviewPage)
    desk.page('/operator/replies', repliesPage)
    desk.action('/operator/replies/retry', retryAll)
    desk.page('/operator/replies/:id', replyPage)
    desk.action('/operator/replies/:id/retry', retryOne)
    desk.action('/operator/replies/:id/raw', openRaw)
    desk.page('/operator/codes', codesPage)
    desk.page('/operator/codes/:kind/:sort/:code', codePage)
    desk.action('/operator/codes/:kind/:sort/:code', giveMeaning)
    desk.page('/operator/links', linksPage)
    desk.action('/operator/links/resend', resendAll)
    desk.page('/operator/signers', signersPage)
    desk.page('/operator/disclosures', disclosuresPage)
    desk.action('/operator/disclosures/:id/retry', retryUpload)
    desk.page('/operator/audit', auditPage)
  },
}
