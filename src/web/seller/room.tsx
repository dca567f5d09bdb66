/** The seller's desk: for platforms, merchants, payment firms, carriers and warehouses. */

import type { Room } from '../desk/room.ts'
import { hasRole } from '../desk/viewer.ts'
import { mountDocuments, mountForms } from '../documents/mount.ts'
import {
  consignmentPath,
  type DocumentPlaces,
  documentPath,
  ownsKind,
} from '../documents/places.ts'
import { bookPage, booksPage, countPage, movementsPage, takeCount } from './books.tsx'
import { apiPage, handInPage } from './hand-in-ways.tsx'
import { overviewPage } from './overview.tsx'
import { correctSheet, sheetPage, takeSheet } from './sheets.tsx'
import { sellerTexts as texts } from './texts.ts'

const places: DocumentPlaces = { base: '/seller', handsIn: ownsKind }

export const sellerRoom: Room = {
  path: '/seller',
  name: texts.seller,
  opensTo: (viewer) => hasRole(viewer, 'platform', 'merchant', 'payer', 'carrier', 'warehouse'),
  sections: [
    { path: '/seller', name: texts.overview },
    { path: '/seller/documents', name: texts.documents, also: ['/seller/consignments'] },
    {
      path: '/seller/hand-in',
      name: texts.handIn,
      also: ['/seller/sheets', '/seller/api'],
    },
    {
      path: '/seller/books',
      name: texts.books,
      opensTo: (viewer) => hasRole(viewer, 'warehouse'),
    },
  ],
  consignmentPath: (orderNo) => consignmentPath(places, orderNo),
  documentPath: (id) => documentPath(places, id),
  mount: (desk) => {
    desk.page('/seller', (ask) => overviewPage(ask, places))
    desk.page('/seller/hand-in', (ask) => handInPage(ask, places))
    desk.page('/seller/api/:kind', (ask) => apiPage(ask, places))
    desk.page('/seller/sheets/:kind', (ask) => sheetPage(ask, places))
    desk.upload('/seller/sheets/:kind', (ask) => takeSheet(ask, places))
    desk.action('/seller/sheets/:kind/correct', (ask) => correctSheet(ask, places))
    desk.page('/seller/books', (ask) => booksPage(ask, places))
    desk.page('/seller/books/:emsNo', (ask) => bookPage(ask, places))
    desk.page('/seller/books/:emsNo/movements', (ask) => movementsPage(ask, places))
    desk.page('/seller/books/:emsNo/counts', (ask) => countPage(ask, places))
    desk.upload('/seller/books/:emsNo/counts', (ask) => takeCount(ask, places))
    mountDocuments(desk, places)
    mountForms(desk, places)
  },
}
