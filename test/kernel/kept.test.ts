/** What is kept for a while is read anew when that is over, and when the clock was set back. */
import { expect, it } from 'vitest'
import { keptFor } from '../../src/kernel/kept.ts'

it('is read once in its time, and anew after it or before it', async () => {
  let now = 10_000
  let reads = 0
  const read = keptFor({ now: () => new Date(now) }, 1_000, async () => {
    reads += 1
    return reads
  })
  expect(await read()).toBe(1)
  now += 999
  expect(await read()).toBe(1)
  now += 1
  expect(await read()).toBe(2)
  now -= 5_000
  expect(await read()).toBe(3)
  expect(await read()).toBe(3)
})
