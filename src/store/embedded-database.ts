/**
 * PGlite as several clients at once may use it. The engine has one session; the socket server hands
 * it one protocol message at a time and lets a client keep the engine for as long as
 * `isInTransaction` says so. Three things are added here: a client also keeps it from Parse to Sync
 * (another client's Parse would replace its unnamed statement), commits reach the disk (PGlite turns
 * fsync off, and its Node file system would drop it), and chores that a server's background
 * processes do run whenever no client holds the engine.
 */
import { fsyncSync } from 'node:fs'
import { PGlite, protocol } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { EMBEDDED_CHORE_WAL_BYTES } from '../kernel/limits.ts'

/** Opens (or makes, when the folder is empty) the database in `folder`; compiles what is not given. */
export const openSharedDatabase = async (
  folder: string,
  pgliteWasmModule?: WebAssembly.Module,
): Promise<SharedDatabase> => {
  const database = new SharedDatabase({
    fs: new DurableFs(folder),
    startParams: START_PARAMS,
    ...(pgliteWasmModule === undefined ? {} : { pgliteWasmModule }),
  })
  await database.waitReady
  return database
}

/**
 * fsync on, through `fsync` since the engine's `fdatasync` is an empty stub. A small buffer cache:
 * the operating system caches the same files, and 128 MB would double the memory of the process.
 */
const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...[
    'wal_sync_method=fsync',
    'shared_buffers=32MB',
    'maintenance_work_mem=16MB',
    'min_wal_size=32MB',
  ].flatMap((setting) => ['-c', setting]),
]

const code = (letter: string): number => letter.charCodeAt(0)
/** Parse, Bind, Describe, Execute, Close, Flush: more belongs to the same batch until Sync. */
const BATCH_GOES_ON = new Set([...'PBDECH'].map(code))
/** The same and Query, Sync, Function call, Terminate, copy messages; 0 opens a connection. */
const UNDERSTOOD = new Set([...BATCH_GOES_ON, ...[...'QSFXdcf'].map(code), 0])
const QUERY = code('Q')
const COPY_IN = /^\s*copy\b.*\bfrom\s+stdin\b/is
/** Enough for the head of a COPY with all its columns. */
const COPY_LOOK_BYTES = 4096
const SYNC = new Uint8Array([code('S'), 0, 0, 0, 4])

export class SharedDatabase extends PGlite {
  #batchOpen = false
  #choresDue = false
  #chores: string[] = []
  #walAtLastChores = 0

  /** Also true inside a batch of protocol messages: the socket server then serves one client only. */
  override isInTransaction(): boolean {
    return this.#batchOpen || super.isInTransaction()
  }

  /** One message of a client. Never rejects: the socket server's queue would stand still for ever. */
  override async execProtocolRawStream(
    message: Uint8Array,
    options: Parameters<PGlite['execProtocolRawStream']>[1],
  ): Promise<void> {
    const refusal = refusalOf(message)
    if (refusal !== undefined) {
      options.onRawData(errorResponse(refusal, super.isInTransaction()))
      return
    }
    try {
      await super.execProtocolRawStream(message, options)
      this.#batchOpen = BATCH_GOES_ON.has(message[0] ?? 0)
    } catch (error) {
      options.onRawData(errorResponse('the embedded database failed', false))
      // A connection that could not be greeted harms nobody. Anything else leaves an engine in an
      // unknown state: this thread ends, and the next start recovers from the log.
      if (message[0] !== 0) setImmediate(() => throwUp(error))
    }
    await this.#doChore()
  }

  /** The socket server calls this to roll back for a client that left in the middle. */
  override async exec(...args: Parameters<PGlite['exec']>): ReturnType<PGlite['exec']> {
    if (this.#batchOpen) {
      await this.runExclusive(() => this.execProtocolStream(SYNC, { throwOnError: false }))
      this.#batchOpen = false
    }
    return super.exec(...args)
  }

  /** Call now and then: looks whether enough was written, and if so vacuums and checkpoints. */
  keepHouse(): Promise<void> {
    this.#choresDue = true
    return this.runExclusive(() => this.#doChore())
  }

  /** One chore at most, so that clients wait for one table and not for all of them. */
  async #doChore(): Promise<void> {
    if (!(this.#choresDue || this.#chores.length > 0) || this.isInTransaction()) return
    const chore = this.#chores.shift()
    if (chore !== undefined) {
      await this.#run(chore)
      return
    }
    this.#choresDue = false
    const written = Number((await this.#run(WAL_BYTES))[0] ?? 0)
    if (written - this.#walAtLastChores < EMBEDDED_CHORE_WAL_BYTES) return
    this.#walAtLastChores = written
    this.#chores = [...(await this.#run(VACUUM_STATEMENTS)), 'checkpoint']
  }

  /** First column of each row; the caller holds the engine. */
  async #run(statement: string): Promise<string[]> {
    const answer = await this.execProtocolStream(protocol.serialize.query(statement), {
      throwOnError: false,
    })
    return answer
      .filter((message) => message instanceof protocol.messages.DataRowMessage)
      .map((row) => row.fields[0] ?? '')
  }
}

const WAL_BYTES = `select pg_current_wal_insert_lsn() - '0/0'::pg_lsn`
const VACUUM_STATEMENTS = `select format('vacuum (analyze) %I', relname) from pg_class
  where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`

/** Node's file system with an fsync: the engine calls it and takes nothing for done. */
class DurableFs extends NodeFS {
  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...args)
    emscriptenOpts.preRun?.push((mod) => {
      mod.FS.filesystems.NODEFS.stream_ops.fsync = (stream: { readonly nfd: number }) => {
        fsyncSync(stream.nfd)
        return 0
      }
    })
    return { emscriptenOpts }
  }
}

/** What a server would end the session for; the one session here must go on for the others. */
const refusalOf = (message: Uint8Array): string | undefined => {
  if (!UNDERSTOOD.has(message[0] ?? 0)) return 'not a message of the protocol'
  if (message[0] !== QUERY) return undefined
  const start = Buffer.from(message.subarray(5, 5 + COPY_LOOK_BYTES)).toString('latin1')
  // The engine cannot wait for the data that would follow, and loses step with the protocol.
  return COPY_IN.test(start) ? 'the embedded database takes no COPY FROM STDIN' : undefined
}

/** ErrorResponse and ReadyForQuery. */
const errorResponse = (text: string, inTransaction: boolean): Uint8Array => {
  const body = Buffer.from(`SERROR\0VERROR\0C0A000\0M${text}\0\0`)
  const head = Buffer.alloc(5)
  head.writeUInt8(code('E'), 0)
  head.writeUInt32BE(body.length + 4, 1)
  const status = code(inTransaction ? 'T' : 'I')
  return Buffer.concat([head, body, Buffer.from([code('Z'), 0, 0, 0, 5, status])])
}

const throwUp = (error: unknown): never => {
  throw error instanceof Error ? error : new Error('the engine of the embedded database ended')
}
