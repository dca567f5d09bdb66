/**
 * The trailer's groups prepared like those of an entry: BaseTransfer and BaseSubscribe, by name.
 */
import type { Group, Message } from '../catalogue/message.ts'
import { trailerGroupsOf } from './envelope.ts'
import { type GroupShape, groupShape } from './shape.ts'

type TrailerShapes = ReadonlyMap<string, GroupShape>

const shapesOf = (direction: Message['direction']): TrailerShapes =>
  new Map(
    Object.entries<Group>(trailerGroupsOf(direction)).map(([name, group]) => [
      name,
      groupShape(name, group),
    ]),
  )

const shapes = { import: shapesOf('import'), export: shapesOf('export') } as const

/** Import's for what goes both ways. */
export const trailerShapesOf = ({ direction }: Message): TrailerShapes =>
  direction === 'export' ? shapes.export : shapes.import

export const trailerShape = (
  entry: Message,
  name: 'BaseTransfer' | 'BaseSubscribe',
): GroupShape => {
  const found = trailerShapesOf(entry).get(name)
  if (found === undefined) throw new Error(`the trailer has no ${name}`)
  return found
}
