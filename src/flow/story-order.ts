/**
 * The order of a story. Replies come in batches and late, so the order of arrival tells nothing of
 * what customs did first: what it said stands in the order that also decides where the document
 * stands, so that the last of it says what the document's state says.
 */
import { outranks, type StatusEvent } from './status.ts'

/**
 * Takes events as they came in, versions in order. A step of ours has no official time, and our
 * clock is not customs' own: it stays behind all that had come in when it happened.
 */
export const inStoryOrder = <E extends StatusEvent>(events: readonly E[]): readonly E[] => {
  const came = events.map((event, arrival) => ({ event, arrival }))
  const isSaid = ({ event }: { readonly event: E }): boolean => event.returnTime !== ''
  const said = came
    .filter(isSaid)
    .sort((a, b) => (outranks(a.event, b.event) ? 1 : outranks(b.event, a.event) ? -1 : 0))
  const own = came.filter((step) => !isSaid(step))
  return behindLast(said, own, (step, { event: { version }, arrival }) =>
    version === step.event.version ? arrival < step.arrival : version < step.event.version,
  ).map(({ event }) => event)
}

/** Puts each of the others behind the last of a line that it follows, in the order they come in. */
export const behindLast = <T>(
  line: readonly T[],
  others: readonly T[],
  follows: (other: T, one: T) => boolean,
): readonly T[] => {
  const placed = others.map((other) => ({
    other,
    after: line.findLastIndex((one) => follows(other, one)),
  }))
  const behind = (place: number): readonly T[] =>
    placed.filter(({ after }) => after === place).map(({ other }) => other)
  return [...behind(-1), ...line.flatMap((one, place) => [one, ...behind(place)])]
}
