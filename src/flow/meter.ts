/** Counts what passes through this process, for the live view. */
import type { Meter, MeterStep } from './types.ts'

export const createMeter = (): Meter => {
  const counts: Record<MeterStep, number> = {
    taken: 0,
    composed: 0,
    sent: 0,
    replied: 0,
    released: 0,
  }
  return {
    add: (step, count) => {
      counts[step] += count
    },
    read: () => ({ ...counts }),
  }
}
