/** Groups of states, as the interface tells them in text. */
import { type StateGroup, stateGroups } from '../../catalogue/statuses.ts'

export const isGroup = (text: string): text is StateGroup => text in stateGroups
