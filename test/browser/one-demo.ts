/**
 * One demonstration for all suites that look at desks with documents on them: to play the year once is
 * a good part of what they take. Each changes only what is its own.
 */
import type { TestProject } from 'vitest/node'
import { browserMissing } from './chromium.ts'
import { type Person, startDemo } from './demo-process.ts'

/** Enough that every zone and month has some, and a list goes on to a second page. */
const CONSIGNMENTS = 150

const DESKS = ['seller', 'broker', 'committee', 'operator'] as const
export type Desk = (typeof DESKS)[number]

export interface SharedDemo {
  readonly url: string
  readonly people: Readonly<Record<Desk, Person>>
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Undefined where there is no browser to look with. */
    demo: SharedDemo | undefined
  }
}

export default async ({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> => {
  if (browserMissing !== undefined) {
    provide('demo', undefined)
    return undefined
  }
  const demo = await startDemo(CONSIGNMENTS)
  const [seller, broker, committee, operator] = await Promise.all([
    demo.personOf('seller'),
    demo.personOf('broker'),
    demo.personOf('committee'),
    demo.personOf('operator'),
  ])
  provide('demo', { url: demo.url, people: { seller, broker, committee, operator } })
  return () => demo.stop()
}
