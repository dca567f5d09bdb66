/**
 * A process that writes into an embedded database until it is killed: each transaction puts one row
 * into two tables, and only when its commit was answered is it told on standard output. Arguments:
 * data folder, worker file, a name for this run.
 */
import { EMBEDDED_POOL_MAX } from '../../src/kernel/limits.ts'
import { connect } from '../../src/store/connect.ts'
import { startEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'

const [dataDir = '', workerFile = '', run = ''] = process.argv.slice(2)
const embedded = await startEmbedded({
  dataDir,
  workerUrl: new URL(workerFile),
  log: { info: () => undefined },
})
const { db } = connect({ ...embedded.address, max: EMBEDDED_POOL_MAX })
await migrate(db)

const write = async (writer: number): Promise<void> => {
  for (let step = 0; ; step += 1) {
    const key = `${run}.${writer}.${step}`
    await db.transaction().execute(async (trx) => {
      await trx
        .insertInto('unmatched_reply')
        .values({
          lane: writer,
          reply_id: crypto.randomUUID(),
          position: step,
          kind: 'CEB622',
          number: key,
          owner: 'synthetic',
          return_status: '2',
          return_time: '',
          info: 'x'.repeat(step % 4000),
          created_at: new Date(),
        })
        .execute()
      await trx
        .insertInto('work')
        .values({ lane: writer, stage: 'reply', subject: key, run_at: new Date() })
        .execute()
    })
    process.stdout.write(`${key}\n`)
  }
}

await Promise.all([0, 1, 2].map(write))
