/** The operator's desk: how the gateway stands, what is stuck, and what is his to register and load. */
import type { Desk, Room } from '../desk/room.ts'
import { documentsTexts } from '../documents/documents-texts.ts'
import { mountDocuments } from '../documents/mount.ts'
import { consignmentPath, type DocumentPlaces, documentPath } from '../documents/places.ts'
import { accountsPage, addPerson, makeOperatorKey, revokeOperatorKey } from './accounts.tsx'
import { auditPage } from './audit.tsx'
import { codePage, codesPage, giveMeaning } from './codes.tsx'
import { disclosuresPage, retryUpload } from './disclosures.tsx'
import { enterprisePage } from './enterprise.tsx'
import {
  addMember,
  changeAccount,
  chooseLink,
  endMandate,
  giveTag,
  makeKey,
  makeSigningKey,
  registerMandate,
  retireSigningKey,
  revokeKey,
} from './enterprise-acts.tsx'
import { enterprisesPage, newEnterprisePage, registerEnterprise } from './enterprises.tsx'
import { linksPage, resendAll, signersPage } from './links.tsx'
import { overviewPage } from './overview.tsx'
import { peoplePage, resetPerson } from './people.tsx'
import { referencePage, tableFile, tablePage } from './reference.tsx'
import { loadTable } from './reference-load.tsx'
import { rehearsalPage, rehearsalsPage, startRehearsal, stopRehearsal } from './rehearsals.tsx'
import { openRaw, repliesPage, replyPage, retryAll, retryOne } from './replies.tsx'
import { operatorTexts as texts } from './texts.ts'

/** Where the search and the figures of the committee lead him; whose they are acts, not he. */
const places: DocumentPlaces = { base: '/operator', readOnly: true }

export const operatorRoom: Room = {
  path: '/operator',
  name: texts.operator,
  opensTo: ({ kind }) => kind === 'operator',
  sections: [
    { path: '/operator', name: texts.overview },
    { path: '/operator/documents', name: documentsTexts.documents },
    { path: '/operator/replies', name: texts.replies },
    { path: '/operator/codes', name: texts.codes },
    { path: '/operator/links', name: texts.links },
    { path: '/operator/signers', name: texts.signers },
    { path: '/operator/enterprises', name: texts.enterprises },
    { path: '/operator/reference', name: texts.reference },
    { path: '/operator/disclosures', name: texts.disclosures },
    { path: '/operator/audit', name: texts.audit },
    { path: '/operator/accounts', name: texts.accounts },
    { path: '/operator/rehearsals', name: texts.rehearsal },
  ],
  consignmentPath: (orderNo) => consignmentPath(places, orderNo),
  documentPath: (id) => documentPath(places, id),
  mount: (desk) => {
    mountDocuments(desk, places)
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
    desk.page('/operator/reference', referencePage)
    desk.page('/operator/reference/:name{[^/]+\\.csv}', tableFile)
    desk.page('/operator/reference/:name', tablePage)
    desk.upload('/operator/reference/:name', loadTable)
    desk.page('/operator/accounts', accountsPage)
    desk.page('/operator/accounts/people', peoplePage)
    desk.action('/operator/accounts/people', addPerson)
    desk.action('/operator/accounts/people/:id/reset', resetPerson)
    desk.action('/operator/accounts/keys', makeOperatorKey)
    desk.action('/operator/accounts/keys/:keyId/revoke', revokeOperatorKey)
    desk.page('/operator/rehearsals', rehearsalsPage)
    desk.action('/operator/rehearsals', startRehearsal)
    desk.page('/operator/rehearsals/:id', rehearsalPage)
    desk.action('/operator/rehearsals/:id/stop', stopRehearsal)
    mountEnterprises(desk)
  },
}

const mountEnterprises = (desk: Desk): void => {
  desk.page('/operator/enterprises', enterprisesPage)
  desk.page('/operator/enterprises/new', newEnterprisePage)
  desk.action('/operator/enterprises/new', registerEnterprise)
  const own = '/operator/enterprises/:id'
  desk.page(own, enterprisePage)
  desk.action(`${own}/account`, changeAccount)
  desk.action(`${own}/members`, addMember)
  desk.action(`${own}/keys`, makeKey)
  desk.action(`${own}/keys/:keyId/revoke`, revokeKey)
  desk.action(`${own}/signing-keys`, makeSigningKey)
  desk.action(`${own}/signing-keys/:keyName/retire`, retireSigningKey)
  desk.action(`${own}/links`, chooseLink)
  desk.action(`${own}/tags`, giveTag)
  desk.action(`${own}/mandates`, registerMandate)
  desk.action(`${own}/mandates/:mandateId/end`, endMandate)
}
