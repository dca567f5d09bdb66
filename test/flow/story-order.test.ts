/** The order of a story: customs' own, whatever arrives first, with our steps where they happened. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { statusOf } from '../../src/flow/status.ts'
import { inStoryOrder } from '../../src/flow/story-order.ts'

const event = (returnTime: string, rank: number, version = 1) => ({
  ...{ version, rank, returnTime },
  state: returnTime === '' ? ('sent' as const) : ('received' as const),
})

describe('a story', () => {
  it('ends with what the document stands by, in whatever order its replies come', () => {
    const reply = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(10, 20, 30, 99))
      .map(([time, rank]) => event(`2026101510000000${time}`, rank))
    fc.assert(
      fc.property(fc.array(reply, { minLength: 1, maxLength: 8 }), (replies) => {
        const story = inStoryOrder([event('', 2), event('', 4), ...replies])
        expect(story).toHaveLength(replies.length + 2)
        expect(story.slice(0, 2).map(({ rank }) => rank)).toEqual([2, 4])
        expect(story.at(-1)).toEqual(statusOf(replies))
      }),
    )
  })

  it('keeps versions apart, and a step of ours behind what had come in', () => {
    const [early, late, other] = [event('1', 10), event('3', 10), event('2', 10, 2)]
    const [sent, again, second] = [event('', 4), event('', 14), event('', 4, 2)]
    const told = [sent, late, again, early, second, other]
    expect(inStoryOrder(told)).toEqual([sent, early, late, again, second, other])
  })
})
