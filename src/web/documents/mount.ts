/** Mounts the views of documents that several desks share, each under its own first path. */
import type { Desk } from '../desk/room.ts'
import { actPage, actVerbs, doAct } from './acts.tsx'
import { consignmentPage } from './consignment-view.tsx'
import { documentPage } from './document-view.tsx'
import { documentsPage } from './documents-table.tsx'
import { formAct, formPage } from './hand-in.tsx'
import { apiPage, handInPage } from './hand-in-ways.tsx'
import { messageFile, messagePage } from './message-view.tsx'
import { apiPath, type DocumentPlaces, handInPath, sheetPath, wholeFormPath } from './places.ts'
import { correctSheet, sheetPage, takeSheet } from './sheets.tsx'
import { differencesPage } from './versions-view.tsx'
import { wholeAct, wholePage } from './whole-hand-in.tsx'

/** The list, one document with its acts, and the consignment: `base/documents…`, `base/consignments/…`. */
export const mountDocuments = (desk: Desk, places: DocumentPlaces): void => {
  const { base } = places
  const one = `${base}/documents/:id`
  desk.page(`${base}/documents`, (ask) => documentsPage(ask, places))
  desk.page(`${base}/consignments/:orderNo`, (ask) => consignmentPage(ask, places))
  desk.page(one, (ask) => documentPage(ask, places))
  desk.page(`${one}/differences`, (ask) => differencesPage(ask, places))
  if (places.readOnly === true) return
  desk.page(`${one}/message`, (ask) => messagePage(ask, places))
  desk.page(`${one}/message.xml`, messageFile)
  for (const verb of actVerbs) {
    desk.page(`${one}/${verb}`, (ask) => actPage(ask, places, verb))
    desk.action(`${one}/${verb}`, (ask) => doAct(ask, places, verb))
  }
}

/** Handing in: the ways, `base/hand-in`; forms below it, also to correct a document; sheets; requests. */
export const mountHandIn = (desk: Desk, places: DocumentPlaces): void => {
  const sheet = sheetPath(places, ':kind')
  desk.page(handInPath(places), (ask) => handInPage(ask, places))
  desk.page(apiPath(places, ':kind'), apiPage)
  desk.page(sheet, (ask) => sheetPage(ask, places))
  desk.upload(sheet, (ask) => takeSheet(ask, places))
  desk.action(`${sheet}/correct`, (ask) => correctSheet(ask, places))
  // Before the kinds, whose path fits it too.
  desk.page(wholeFormPath(places), (ask) => wholePage(ask, places))
  desk.action(wholeFormPath(places), (ask) => wholeAct(ask, places))
  const path = `${handInPath(places)}/:kind`
  desk.page(path, (ask) => formPage(ask, places))
  desk.action(path, (ask) => formAct(ask, places))
}
