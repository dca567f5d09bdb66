/** The seller's desk: for platforms, merchants, payment firms, carriers and warehouses. */

import type { Room } from '../desk/room.ts'
import { hasRole } from '../desk/viewer.ts'
import { mountDocuments } from '../documents/mount.ts'
import {
  consignmentPath,
  type DocumentPlaces,
  documentPath,
  ownsKind,
} from '../documents/places.ts'
import { sellerTexts as texts } from './texts.ts'

const places: DocumentPlaces = { base: '/seller', handsIn: ownsKind }

export const sellerRoom: Room = {
  path: '/seller',
  name: texts.seller,
  opensTo: (viewer) => hasRole(viewer, 'platform', 'merchant', 'payer', 'carrier', 'warehouse'),
  sections: [{ path: '/seller/documents', name: texts.documents }],
  consignmentPath: (orderNo) => consignmentPath(places, orderNo),
  documentPath: (id) => documentPath(places, id),
  mount: (desk) => {
    desk.page('/seller', ({ go }) => go('/seller/documents'))
    mountDocuments(desk, places)
  },
}
