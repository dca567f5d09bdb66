/**
 * A RabbitMQ broker of the test's own: node, ports, data and log in a temporary folder, on loopback
 * alone, beside whatever broker the machine runs. It can be killed and started again on its data.
 * Where the program is not installed `brokerMissing` says so, and the suites print it.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, connect as dial, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Channel, connect, type GetMessage } from 'amqplib'
import { freePort } from '../../src/run/rehearsal.ts'

export interface TestBroker {
  readonly url: string
  readonly port: number
  /** Ends it at once (SIGKILL); resolves when it is gone. */
  kill(): Promise<void>
  /** Ends it in order (SIGTERM). */
  stop(): Promise<void>
  /** Starts it on the same data; resolves when it answers. */
  start(): Promise<void>
  /** Ends it and removes its data. */
  close(): Promise<void>
}

/** The scripts of packages run the broker as another user; these do not. */
const PROGRAMS = [
  '/usr/lib/rabbitmq/bin/rabbitmq-server',
  '/opt/rabbitmq/sbin/rabbitmq-server',
  '/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server',
]
const program = PROGRAMS.find((path) => existsSync(path))

/** Why broker tests are skipped; undefined where they run. */
export const brokerMissing = program === undefined ? 'rabbitmq-server is not installed' : undefined

/** A cold start takes five seconds on two quiet cores. */
const START_MS_MAX = 90_000
const POLL_MS = 100

export const startBroker = async (): Promise<TestBroker> => {
  const folder = await mkdtemp(join(tmpdir(), 'yuguan-rabbitmq-'))
  const [port, distribution, names] = [await freePort(), await freePort(), await freePort()]
  await writeFile(join(folder, 'enabled_plugins'), '[].')
  // Its own limits of memory and disk say nothing about what is tested.
  await writeFile(join(folder, 'rabbitmq.conf'), 'disk_free_limit.absolute = 1MB\n')
  const env = {
    PATH: process.env.PATH ?? '',
    // The node's cookie lies here.
    HOME: folder,
    LANG: 'C.UTF-8',
    ERL_EPMD_PORT: String(names),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'yuguan@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    // The script becomes the broker then, so that a signal reaches it.
    RUNNING_UNDER_SYSTEMD: '1',
  }
  const url = `amqp://guest:guest@127.0.0.1:${port}`
  let broker: ChildProcess | undefined
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = broker
    broker = undefined
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const gone = once(ending, 'exit')
    ending.kill(signal)
    await gone
  }
  const start = async (): Promise<void> => {
    broker = spawn(program ?? '', [], { env, stdio: 'ignore' })
    await answers(url, broker)
  }
  await start()
  return {
    url,
    port,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    close: async () => {
      await end('SIGKILL')
      // The name server was started by the node and outlives it.
      await promisify(execFile)('epmd', ['-port', String(names), '-kill'], { env }).catch(
        () => undefined,
      )
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const answers = async (url: string, broker: ChildProcess): Promise<void> => {
  const until = performance.now() + START_MS_MAX
  while (performance.now() < until) {
    if (broker.exitCode !== null) throw new Error(`the broker ended (${broker.exitCode})`)
    const connection = await connect(url).catch(() => undefined)
    connection?.on('error', () => undefined)
    if (connection !== undefined) return connection.close()
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw new Error(`the broker did not answer in ${START_MS_MAX} ms`)
}

/** Does one thing on a channel of its own; whatever the broker answers, the channel is closed. */
export const onChannel = async <T>(url: string, run: (channel: Channel) => Promise<T>) => {
  const connection = await connect(url)
  connection.on('error', () => undefined)
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  try {
    return await run(channel)
  } finally {
    await connection.close().catch(() => undefined)
  }
}

/** Takes all that waits in a queue. */
export const drain = (url: string, queue: string): Promise<readonly GetMessage[]> =>
  onChannel(url, async (channel) => {
    const messages: GetMessage[] = []
    for (;;) {
      const message = await channel.get(queue, { noAck: true })
      if (message === false) return messages
      messages.push(message)
    }
  })

export interface CuttingProxy {
  /** URL of the broker through the proxy. */
  readonly url: string
  /** From now on what the broker says is swallowed: messages arrive, confirms do not. */
  swallow(): void
  /** Cuts every connection there is; new ones go through again. */
  cut(): void
  /** Cuts every connection, and whoever comes until `admit`. */
  refuse(): void
  admit(): void
  close(): Promise<void>
}

/** Stands between a client and the broker, and fails as networks do. */
export const startCuttingProxy = async (brokerPort: number): Promise<CuttingProxy> => {
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket; mute: boolean }>()
  let isOpen = true
  const server = createServer((near) => {
    near.on('error', () => undefined)
    if (!isOpen) {
      near.destroy()
      return
    }
    const far = dial(brokerPort, '127.0.0.1')
    const pair = { near, far, mute: false }
    pairs.add(pair)
    near.pipe(far)
    far.on('data', (bytes) => {
      if (!pair.mute) near.write(bytes)
    })
    for (const socket of [near, far]) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        pairs.delete(pair)
        near.destroy()
        far.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const cut = (): void => {
    for (const { near, far } of pairs) {
      near.destroy()
      far.destroy()
    }
  }
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    swallow: () => {
      for (const pair of pairs) pair.mute = true
    },
    cut,
    refuse: () => {
      isOpen = false
      cut()
    },
    admit: () => {
      isOpen = true
    },
    close: async () => {
      cut()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
