/**
 * `yuguan sim`: the simulated customs office as a process of its own until it is told to stop. Its
 * settings come from the environment: PORT, HOST, DELIVER_TO (where the gateway takes replies),
 * CUSTOMS_TOKEN (the bearer of both directions), PACE, TAX_BILLS, VERIFY, SEED, REMEMBER, JOURNAL
 * (a file by which it remembers everything when it is started again); and instead of DELIVER_TO
 * either CUSTOMS_FOLDER_IN, CUSTOMS_FOLDER_OUT (the gateway's FOLDER_OUT, FOLDER_IN) or AMQP_URL with
 * AMQP_OUT_QUEUE, AMQP_IN_PREFIX as the gateway has them.
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { systemClock } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import { SIM_REMEMBER } from '../kernel/limits.ts'
import { openFolderOffice } from '../sim/folder-office.ts'
import type { Pump } from '../sim/pump.ts'
import { openQueueOffice, type QueueOfficeOptions } from '../sim/queue-office.ts'
import { type CustomsServerOptions, startCustomsServer } from '../sim/server.ts'
import { ADDRESSES, type Customs, type CustomsOptions, type Pace, paces } from '../sim/types.ts'
import {
  AMQP_IN_PREFIX_DEFAULT,
  AMQP_OUT_QUEUE_DEFAULT,
  type ConfigProblem,
  DXP_ADDRESSES,
  type Environment,
  isQueueName,
  queueNameText,
  readDxpAddresses,
  tellProblems,
} from './config.ts'
import { nodeLog } from './log.ts'
import { newSelf } from './node-links.ts'
import { type JournaledOffice, openJournaledOffice } from './sim-journal.ts'

export const runSim = async (args: readonly string[], env: Environment): Promise<number> => {
  parseArgs({ args: [...args], options: {} })
  const settings = readSimSettings(env)
  if (settings.kind === 'problems') throw new Error(tellProblems(settings.problems))
  const ended = new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve())
  })
  const { options } = settings
  const journal = await openJournal(settings)
  const server = await startCustomsServer(
    journal === undefined ? options : { ...options, office: journal.office },
  )
  console.error(`模拟海关 / simulated customs: ${server.url} → ${settings.deliverTo}`)
  if (journal !== undefined)
    console.error(
      `日志 / journal: ${settings.journal}; 重放 / replayed ${journal.replayed}, ` +
        `截去 / cut off ${journal.cut} bytes`,
    )
  const failure = await Promise.race([ended, ...(journal === undefined ? [] : [journal.broken])])
  if (failure instanceof Error) throw failure
  await server.close()
  await journal?.close()
  return 0
}

const openJournal = async ({
  options,
  journal: path,
  isSeedFixed,
}: Extract<SimSettings, { kind: 'settings' }>): Promise<JournaledOffice | undefined> => {
  if (path === undefined) return undefined
  const { clock, seed, pace, verify = 'strict', addresses = ADDRESSES, others = [] } = options
  const { taxBills = 'marked', remember = SIM_REMEMBER } = options
  const head = { seed, pace, verify, addresses, others, taxBills, remember }
  return openJournaledOffice({ path, head, isSeedFixed, clock })
}

/** At the pace of benches only what they measure: the way to 放行. */
const taxBillsAt = (pace: Pace): NonNullable<CustomsOptions['taxBills']> =>
  pace === paces.instant ? 'marked' : 'all'

export type SimSettings =
  | {
      readonly kind: 'settings'
      readonly options: CustomsServerOptions
      /** Address or folder that replies go to. */
      readonly deliverTo: string
      /** File of the journal; undefined for an office that forgets with its process. */
      readonly journal: string | undefined
      /** Somebody chose the seed. */
      readonly isSeedFixed: boolean
    }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] }

const PORT_DEFAULT = 8790
const DELIVER_TO_DEFAULT = 'http://127.0.0.1:8787/api/v1/customs/replies'
const TOKEN_LENGTH_MIN = 16
const REMEMBER_MAX = 10_000_000

/** All wrong settings at once. */
export const readSimSettings = (env: Environment): SimSettings => {
  const problems: ConfigProblem[] = []
  const told = <T>(name: string, value: T | undefined, otherwise: T, text: Text): T => {
    if (value === undefined) problems.push({ name, text })
    return value ?? otherwise
  }
  const int = (name: string, most: number, otherwise: number): number => {
    const text = env[name] || String(otherwise)
    const value = /^\d{1,9}$/.test(text) && Number(text) <= most ? Number(text) : undefined
    return told(name, value, otherwise, {
      zh: `须是 0 到 ${most} 的整数`,
      en: `must be a whole number from 0 to ${most}`,
    })
  }
  const choice = <T>(name: string, choices: Readonly<Record<string, T>>, otherwise: T): T => {
    const text = env[name]
    const value = text ? choices[text] : otherwise
    const names = Object.keys(choices).join(', ')
    return told(name, value, otherwise, { zh: `须是其中之一：${names}`, en: `one of ${names}` })
  }
  const addresses = (name: 'IMPORT' | 'EXPORT'): readonly string[] => {
    const otherwise = name === 'IMPORT' ? ADDRESSES.import : ADDRESSES.export
    const setting = `CUSTOMS_${name}_ADDRESS`
    const read = readDxpAddresses(env[setting] || otherwise)
    return told(setting, read, [otherwise], DXP_ADDRESSES)
  }
  const token = env.CUSTOMS_TOKEN ?? ''
  if (token.length < TOKEN_LENGTH_MIN)
    problems.push({
      name: 'CUSTOMS_TOKEN',
      text: {
        zh: `必须设置，至少 ${TOKEN_LENGTH_MIN} 个字符，与网关相同`,
        en: `must be set, at least ${TOKEN_LENGTH_MIN} characters, the same as the gateway's`,
      },
    })
  const deliverTo = env.DELIVER_TO || DELIVER_TO_DEFAULT
  if (!/^https?:\/\//.test(deliverTo) || !URL.canParse(deliverTo))
    problems.push({ name: 'DELIVER_TO', text: { zh: '须是网址', en: 'must be a URL' } })
  const folders = { in: env.CUSTOMS_FOLDER_IN ?? '', out: env.CUSTOMS_FOLDER_OUT ?? '' }
  const isOverFolders = folders.in !== '' && folders.out !== '' && folders.in !== folders.out
  if (!isOverFolders && folders.in + folders.out !== '')
    problems.push({ name: 'CUSTOMS_FOLDER_IN', text: TWO_FOLDERS })
  const queues = readQueues(env, problems)
  const pace = choice<Pace>('PACE', paces, paces.demo)
  const options: CustomsServerOptions = {
    clock: systemClock,
    host: env.HOST || '127.0.0.1',
    port: int('PORT', 65_535, PORT_DEFAULT),
    deliverTo,
    ...(isOverFolders ? { open: overFolders(folders) } : {}),
    ...(queues === undefined ? {} : { open: overQueues(queues) }),
    token,
    acceptToken: token,
    pace,
    verify: choice('VERIFY', { strict: 'strict', none: 'none' } as const, 'strict'),
    // A new seed at every start: numbers given before must not be given again.
    seed: env.SEED || randomBytes(8).toString('hex'),
    remember: int('REMEMBER', REMEMBER_MAX, SIM_REMEMBER),
    ...officeAddresses({ import: addresses('IMPORT'), export: addresses('EXPORT') }),
    taxBills: choice('TAX_BILLS', { all: 'all', marked: 'marked' } as const, taxBillsAt(pace)),
  }
  if (problems.length > 0) return { kind: 'problems', problems }
  return {
    ...{ kind: 'settings', options, journal: env.JOURNAL || undefined },
    isSeedFixed: Boolean(env.SEED),
    // The broker's address may hold a password.
    deliverTo:
      queues !== undefined
        ? `RabbitMQ ${queues.inPrefix}*`
        : isOverFolders
          ? folders.out
          : deliverTo,
  }
}

/** The first receiver of a direction is the office itself; the others are somebody else. */
export const officeAddresses = (
  all: Readonly<Record<'import' | 'export', readonly string[]>>,
): Pick<CustomsOptions, 'addresses' | 'others'> => ({
  addresses: {
    import: all.import[0] ?? ADDRESSES.import,
    export: all.export[0] ?? ADDRESSES.export,
  },
  others: [...all.import.slice(1), ...all.export.slice(1)],
})

const readQueues = (
  env: Environment,
  problems: ConfigProblem[],
): QueueOfficeOptions | undefined => {
  const url = env.AMQP_URL
  if (!url) return undefined
  const name = (setting: string, otherwise: string): string => {
    const value = env[setting] || otherwise
    if (!isQueueName(value)) problems.push({ name: setting, text: queueNameText })
    return value
  }
  if (!/^amqps?:\/\//.test(url) || !URL.canParse(url))
    problems.push({
      name: 'AMQP_URL',
      text: {
        zh: '须是以 amqp:// 或 amqps:// 开头的网址',
        en: 'must be an amqp:// or amqps:// URL',
      },
    })
  return {
    ...{ url, random: Math.random, log: nodeLog(env.LOG_LEVEL === 'error' ? 'error' : 'info', 2) },
    outQueue: name('AMQP_OUT_QUEUE', AMQP_OUT_QUEUE_DEFAULT),
    inPrefix: name('AMQP_IN_PREFIX', AMQP_IN_PREFIX_DEFAULT),
  }
}

const overQueues =
  (queues: QueueOfficeOptions) =>
  (customs: Customs): Pump =>
    openQueueOffice(customs, queues)

const TWO_FOLDERS: Text = {
  zh: 'CUSTOMS_FOLDER_IN 与 CUSTOMS_FOLDER_OUT 须同时设置，并且是两个不同的文件夹',
  en: 'CUSTOMS_FOLDER_IN and CUSTOMS_FOLDER_OUT must both be set, to two folders',
}

const overFolders =
  (folders: { readonly in: string; readonly out: string }) =>
  (customs: Customs): Pump =>
    openFolderOffice(customs, {
      ...{ ...folders, self: newSelf(), clock: systemClock },
      log: { warn: (event, facts) => console.error(event, facts ?? '') },
    })
