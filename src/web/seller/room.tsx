/** The seller's desk: for whoever hands documents in and is no declarant, and for warehouses. */
import { declarations } from '../../catalogue/index.ts'
import type { Room } from '../desk/room.ts'
import { hasRole } from '../desk/viewer.ts'
import { handInTexts } from '../documents/hand-in-texts.ts'
import { mountDocuments, mountHandIn } from '../documents/mount.ts'
import { consignmentPath, type DocumentPlaces, documentPath } from '../documents/places.ts'
import { bookPage, booksPage, movementsPage } from './books.tsx'
import { bookCount, countPage, takeCount } from './counts.tsx'
import { overviewPage } from './overview.tsx'
import { sellerTexts as texts } from './texts.ts'

const places: DocumentPlaces = { base: '/seller' }

/** Declarants have a desk of their own; warehouses keep their books here. */
const roles = [
  ...declarations.flatMap(({ owners }) => owners.map(({ role }) => role)),
  'warehouse',
].filter((role) => role !== 'declarant')

export const sellerRoom: Room = {
  path: '/seller',
  name: texts.seller,
  opensTo: (viewer) => hasRole(viewer, ...roles),
  sections: [
    { path: '/seller', name: texts.overview },
    { path: '/seller/documents', name: texts.documents, also: ['/seller/consignments'] },
    {
      path: '/seller/hand-in',
      name: handInTexts.handIn,
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
    desk.page('/seller/books', (ask) => booksPage(ask, places))
    desk.page('/seller/books/:emsNo', (ask) => bookPage(ask, places))
    desk.page('/seller/books/:emsNo/movements', (ask) => movementsPage(ask, places))
    desk.page('/seller/books/:emsNo/counts', (ask) => countPage(ask, places))
    desk.upload('/seller/books/:emsNo/counts', (ask) => takeCount(ask, places))
    desk.action('/seller/books/:emsNo/counts/book', (ask) => bookCount(ask, places))
    mountDocuments(desk, places)
    mountHandIn(desk, places)
  },
}
