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
  const own = came
    .filter((step) => !isSaid(step))
    .map(({ event: step, arrival }) => ({
      step,
      after: said.findLastIndex(({ event: { version }, arrival: cameIn }) =>
        version === step.version ? cameIn < arrival : version < step.version,
      ),
    }))
  const ownAfter = (place: number): readonly E[] =>
    own.filter(({ after }) => after === place).map(({ step }) => step)
  return [...ownAfter(-1), ...said.flatMap(({ event }, place) => [event, ...ownAfter(place)])]
}
