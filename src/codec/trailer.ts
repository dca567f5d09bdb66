/**
 * The trailer's groups prepared like those of an entry: BaseTransfer and BaseSubscribe, by name.
 */
import type { Group } from '../catalogue/message.ts'
import { trailerGroups } from './envelope.ts'
import { type GroupShape, groupShape } from './shape.ts'

export const trailerShapes: ReadonlyMap<string, GroupShape> = new Map(
  Object.entries<Group>(trailerGroups).map(([name, group]) => [name, groupShape(name, group)]),
)
