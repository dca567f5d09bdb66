/**
 * Things to do at a time, taken out in order of time and, at the same time, of entry. One heap of
 * moments with a bucket each, because whole messages fall due at one moment: a million entries
 * need no million timers.
 */
export interface Agenda<T> {
  add(at: number, item: T): void
  /** Everything due at `now`, earliest first. */
  take(now: number): T[]
  /** The earliest moment; undefined when nothing is planned. */
  next(): number | undefined
  size(): number
}

export const createAgenda = <T>(): Agenda<T> => {
  const buckets = new Map<number, T[]>()
  const heap: number[] = []
  let size = 0
  return {
    add: (at, item) => {
      size += 1
      const bucket = buckets.get(at)
      if (bucket !== undefined) {
        bucket.push(item)
        return
      }
      buckets.set(at, [item])
      push(heap, at)
    },
    take: (now) => {
      const due: T[] = []
      for (let first = heap[0]; first !== undefined && first <= now; first = heap[0]) {
        pop(heap)
        for (const item of buckets.get(first) ?? []) due.push(item)
        buckets.delete(first)
      }
      size -= due.length
      return due
    },
    next: () => heap[0],
    size: () => size,
  }
}

const at = (heap: readonly number[], i: number): number => heap[i] ?? Number.POSITIVE_INFINITY

const swap = (heap: number[], a: number, b: number): void => {
  const kept = at(heap, a)
  heap[a] = at(heap, b)
  heap[b] = kept
}

const push = (heap: number[], value: number): void => {
  heap.push(value)
  let i = heap.length - 1
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (at(heap, parent) <= value) return
    swap(heap, parent, i)
    i = parent
  }
}

const pop = (heap: number[]): void => {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  heap[0] = last
  let i = 0
  for (;;) {
    const left = 2 * i + 1
    const smaller = at(heap, left + 1) < at(heap, left) ? left + 1 : left
    if (at(heap, smaller) >= at(heap, i)) return
    swap(heap, i, smaller)
    i = smaller
  }
}
