/** The desk of the zones' committee: every figure of the city and nothing personal; open to the operator too. */
import type { Room } from '../desk/room.ts'
import { overviewPage } from './overview.tsx'
import { committeeTexts as texts } from './texts.ts'

export const committeeRoom: Room = {
  path: '/committee',
  name: texts.room,
  opensTo: ({ kind }) => kind !== 'enterprise',
  sections: [{ path: '/committee', name: texts.overview }],
  mount: (desk) => {
    desk.page('/committee', overviewPage)
  },
}
