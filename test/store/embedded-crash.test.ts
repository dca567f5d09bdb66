/** Killing the process that holds the embedded database, in mid-write, again and again. */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { sql } from 'kysely'
import { afterAll, expect, it } from 'vitest'
import { connect } from '../../src/store/connect.ts'
import { embeddedFolder, startTestEmbedded } from '../support/database.ts'
import { buildEmbeddedWorker, cacheFolder } from '../support/embedded-worker.ts'

let dataDir = ''
const writerFile = join(cacheFolder, `embedded-writer-${process.pid}.js`)
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true })
  rmSync(writerFile, { force: true })
})

/** How many commits each run may answer before it is killed while others are under way. */
const KILLED_AFTER = [40, 1, 120, 17, 300]

it('loses no acknowledged row and keeps no half transaction over five kills', async () => {
  dataDir = await embeddedFolder()
  await build({
    entryPoints: [fileURLToPath(new URL('../support/embedded-writer.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    outfile: writerFile,
    logLevel: 'error',
  })
  const worker = (await buildEmbeddedWorker()).href
  const acknowledged: string[] = []
  // Each run starts on what the killed one left, lock and socket included.
  for (const [run, commits] of KILLED_AFTER.entries()) {
    acknowledged.push(...(await writeUntilKilled(worker, String(run), commits)))
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(KILLED_AFTER.reduce((a, b) => a + b))

  const embedded = await startTestEmbedded(dataDir)
  const { db, close } = connect(embedded.address)
  const replies = await sql<{ key: string }>`
    select number as key from unmatched_reply order by 1`.execute(db)
  const work = await sql<{ key: string }>`select subject as key from work order by 1`.execute(db)
  await close()
  await embedded.close()
  const stored = new Set(replies.rows.map((row) => row.key))
  expect(acknowledged.filter((key) => !stored.has(key))).toEqual([])
  expect(work.rows).toEqual(replies.rows)
})

const writeUntilKilled = async (
  worker: string,
  run: string,
  commits: number,
): Promise<string[]> => {
  const child = spawn(process.execPath, [writerFile, dataDir, worker, run], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const acknowledged: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line)
    if (acknowledged.length === commits) child.kill('SIGKILL')
  }
  expect(child.signalCode ?? 'SIGKILL').toBe('SIGKILL')
  expect(acknowledged.length, 'the writer ended by itself').toBeGreaterThanOrEqual(commits)
  return acknowledged
}
