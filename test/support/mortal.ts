/**
 * A gateway that can die: its connections to the database break off at a statement that the test
 * chooses, before the statement or after it, and nothing it knew survives. What it had committed is
 * there, what it had not is gone; a death after a commit is one whose answer nobody heard.
 */
import { Kysely, PostgresDialect } from 'kysely'
import { createMeter } from '../../src/flow/meter.ts'
import type { FlowDeps } from '../../src/flow/types.ts'
import { type ConnectOptions, connect } from '../../src/store/connect.ts'
import type { Database } from '../../src/store/tables.ts'
import type { Link } from '../../src/wire/types.ts'

/** What a dead gateway's statements end with. */
export class Died extends Error {}

export interface Mortal {
  /** Of the life it is in; another after every death. */
  deps(): FlowDeps
  /** From now on it dies at the statement after so many, before it or once it was done. */
  arm(statements: number, when: 'before' | 'after'): void
  disarm(): void
  /** Dies now. */
  die(): void
  isDead(): boolean
  /** Starts again with nothing in memory; deaths so far. */
  restart(): void
  deaths(): number
  close(): Promise<void>
}

interface Life {
  isDead: boolean
  left: number
  when: 'before' | 'after'
}

type Pool = ReturnType<typeof connect>['pool']

export const mortalGateway = (
  connection: ConnectOptions,
  base: FlowDeps,
  links: readonly Link[],
): Mortal => {
  const { pool } = connect({ ...connection, max: CONNECTIONS })
  let count = 0
  let life = newLife()
  let deps = depsOf(base, links, pool, life)
  return {
    deps: () => deps,
    arm: (statements, when) => Object.assign(life, { left: statements, when }),
    disarm: () => Object.assign(life, { left: Number.POSITIVE_INFINITY }),
    die: () => {
      life.isDead = true
    },
    isDead: () => life.isDead,
    restart: () => {
      count += 1
      life.isDead = true
      life = newLife()
      deps = depsOf(base, links, pool, life)
    },
    deaths: () => count,
    close: () => pool.end(),
  }
}

/** As many as one gateway uses at a time here. */
const CONNECTIONS = 2

const newLife = (): Life => ({ isDead: false, left: Number.POSITIVE_INFINITY, when: 'before' })

const depsOf = (base: FlowDeps, links: readonly Link[], pool: Pool, life: Life): FlowDeps => ({
  ...base,
  links,
  meter: createMeter(),
  db: new Kysely<Database>({ dialect: new PostgresDialect({ pool: mortalPool(pool, life) }) }),
})

const mortalPool = (pool: Pool, life: Life) => ({
  options: {},
  end: async () => undefined,
  connect: async () => {
    if (life.isDead) throw new Died('dead')
    const client = await pool.connect()
    const ask = async (text: string, values: unknown[]) => {
      if (life.isDead) throw new Died('dead')
      life.left -= 1
      if (life.left < 0 && life.when === 'before') life.isDead = true
      if (life.isDead) throw new Died('before a statement')
      const result = await client.query(text, values)
      if (life.left < 0) life.isDead = true
      if (life.isDead) throw new Died('after a statement')
      return result
    }
    return {
      // Kysely streams nothing here: a text with its values is all it ever asks.
      query: ask as never,
      // A dead process's connection is closed, and the database rolls back what it was at.
      release: () => client.release(life.isDead),
    }
  },
})
