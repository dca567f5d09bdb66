/**
 * Settings, from the environment and nowhere else. `readConfig` is pure: it takes a record of texts
 * and gives a frozen, typed object, or every problem at once, each with its cure. It knows defaults
 * and forms; what a setting does is told where it is used.
 */

import type { LimitFigures } from '../http/limits.ts'
import type { Text } from '../kernel/fault.ts'
import {
  RATE_LIMITS,
  RATE_POINTS_MAX,
  RATE_SECONDS_MAX,
  RECEIVERS_PER_MESSAGE_MAX,
} from '../kernel/limits.ts'
import { DISPATCH_LEASE_SECONDS } from '../kernel/link-limits.ts'
import type { DriverSettings } from '../signing/device.ts'
import type { WebhookReach } from '../wire/webhook.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface Config {
  /** A PostgreSQL server; without it the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Where users reach the gateway; absolute links and cookies follow it. */
  readonly publicUrl: string | undefined
  /** Keys that seal personal data; without it a key file in `dataDir`. */
  readonly dataKey: string | undefined
  /** Signs sessions; without it a secret file in `dataDir`. */
  readonly authSecret: string | undefined
  /** The exchange that takes our messages; without it they wait. */
  readonly customsUrl: string | undefined
  /** Bearer of both directions: sent with messages, asked of whoever posts replies. */
  readonly customsToken: string | undefined
  /** Where a client of the exchange fetches our files, and where it leaves those of customs. */
  readonly folders: { readonly out: string; readonly in: string } | undefined
  /** The RabbitMQ broker of the exchange, with user and password; secret. */
  readonly amqpUrl: string | undefined
  /** Queue that takes our messages. */
  readonly amqpOutQueue: string
  /** What stands before a DXP account in the name of the queue with its replies. */
  readonly amqpInPrefix: string
  /** The link of enterprises that chose none; the first that is set without it. */
  readonly customsLink: LinkName | undefined
  /** Where original payment data is uploaded (179); without it uploads wait. */
  readonly customs179Url: string | undefined
  /** One to five each, in order. */
  readonly customsAddress: Readonly<Record<'import' | 'export', readonly string[]>>
  /** Set where we are a transfer node: our number at the exchange, and that messages go to. */
  readonly transferNode: { readonly own: string; readonly end: string } | undefined
  /** Where web hooks may lead: the open Internet by https, or any address. */
  readonly webhookTargets: WebhookReach
  /** Modules that drive signing devices. */
  readonly signingDrivers: readonly SigningDriver[]
  /** How long a claim of dispatch holds before another worker may send again. */
  readonly leaseSeconds: number
  /** A message of which nothing was heard for so long is sent again; 0 never. */
  readonly unansweredResendSeconds: number
  /** Account of the operator, made at the first start. */
  readonly operatorEmail: string
  /** How long packing waits after a document came, so that messages fill. */
  readonly composeLingerMs: number
  readonly logLevel: LogLevel
  /** What one caller may ask for, by class. */
  readonly rateLimits: LimitFigures
  /** Header in which a proxy before the gateway names the caller's address; else the socket's counts. */
  readonly clientAddressHeader: string | undefined
}

export interface SigningDriver {
  readonly name: string
  /** Of the module, or the name of a package. */
  readonly path: string
  /** What stands behind the path: `?slot=1&…`. No PIN: that lies sealed in the database. */
  readonly settings: DriverSettings
}

export interface ConfigProblem {
  readonly name: string
  readonly text: Text
}

export type ConfigAnswer =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] }

export type Environment = Readonly<Record<string, string | undefined>>

/** DXP addresses of customs for retail import and export, as published; a contract may name others. */
const CUSTOMS_IMPORT_ADDRESS = 'DXPEDCCEB0000002'
const CUSTOMS_EXPORT_ADDRESS = 'DXPEDCCEB0000003'
const PORT_DEFAULT = 8787
/** Names are agreed with whoever runs the broker. */
export const AMQP_OUT_QUEUE_DEFAULT = 'dxp.out'
export const AMQP_IN_PREFIX_DEFAULT = 'dxp.in.'
/** At a thousand documents a second a message of 100 fills in a tenth of a second. */
const COMPOSE_LINGER_MS_DEFAULT = 50
const COMPOSE_LINGER_MS_MAX = 60_000
const LEASE_SECONDS_MAX = 3_600
/** Customs answers within minutes; half an hour of silence is more than a slow day. */
const UNANSWERED_RESEND_SECONDS_DEFAULT = 30 * 60
const UNANSWERED_RESEND_SECONDS_MAX = 30 * 86_400
/** A name to sign in with; no mail is ever sent to it. */
const OPERATOR_EMAIL_DEFAULT = 'operator@yuguan.example'
/** What 32 bytes of randomness make in base64 without padding is 43; a passphrase of 32 is the least. */
export const AUTH_SECRET_LENGTH_MIN = 32
export const CUSTOMS_TOKEN_LENGTH_MIN = 16
/** Links that settings can make. */
const LINK_NAMES = ['amqp', 'http', 'folder'] as const
export type LinkName = (typeof LINK_NAMES)[number]
const WEBHOOK_TARGETS: readonly WebhookReach[] = ['public', 'any']
const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

export const readConfig = (env: Environment): ConfigAnswer => {
  const read = reader(env)
  const customsUrl = read.url('CUSTOMS_URL', ['http:', 'https:'])
  const customsToken = read.secret('CUSTOMS_TOKEN', CUSTOMS_TOKEN_LENGTH_MIN)
  if (customsUrl !== undefined && env.CUSTOMS_TOKEN === undefined) {
    read.problem('CUSTOMS_TOKEN', {
      zh: '设置了 CUSTOMS_URL 就必须设置 CUSTOMS_TOKEN(双方约定的令牌)',
      en: 'must be set with CUSTOMS_URL: the token both sides agreed on',
    })
  }
  const config: Config = {
    databaseUrl: read.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    dataDir: read.text('DATA_DIR') ?? './data',
    host: read.text('HOST') ?? '127.0.0.1',
    port: read.int('PORT', 0, 65_535) ?? PORT_DEFAULT,
    publicUrl: read.url('PUBLIC_URL', ['http:', 'https:'])?.replace(/\/+$/, ''),
    dataKey: read.text('DATA_KEY'),
    authSecret: read.secret('AUTH_SECRET', AUTH_SECRET_LENGTH_MIN),
    customsUrl,
    customsToken,
    folders: read.folders('FOLDER_OUT', 'FOLDER_IN'),
    amqpUrl: read.url('AMQP_URL', ['amqp:', 'amqps:']),
    amqpOutQueue: read.queueName('AMQP_OUT_QUEUE') ?? AMQP_OUT_QUEUE_DEFAULT,
    amqpInPrefix: read.queueName('AMQP_IN_PREFIX') ?? AMQP_IN_PREFIX_DEFAULT,
    customsLink: readCustomsLink(env, read),
    customs179Url: read.url('CUSTOMS_179_URL', ['http:', 'https:']),
    customsAddress: Object.freeze({
      import: read.dxpAddresses('CUSTOMS_IMPORT_ADDRESS') ?? [CUSTOMS_IMPORT_ADDRESS],
      export: read.dxpAddresses('CUSTOMS_EXPORT_ADDRESS') ?? [CUSTOMS_EXPORT_ADDRESS],
    }),
    webhookTargets: read.choice('WEBHOOK_TARGETS', WEBHOOK_TARGETS) ?? 'public',
    signingDrivers: read.drivers('SIGNING_DRIVERS'),
    transferNode: read.transferNode('DXP_NODE', 'DXP_END_NODE'),
    leaseSeconds: read.int('LEASE_SECONDS', 1, LEASE_SECONDS_MAX) ?? DISPATCH_LEASE_SECONDS,
    unansweredResendSeconds:
      read.int('UNANSWERED_RESEND_SECONDS', 0, UNANSWERED_RESEND_SECONDS_MAX) ??
      UNANSWERED_RESEND_SECONDS_DEFAULT,
    operatorEmail: read.email('OPERATOR_EMAIL') ?? OPERATOR_EMAIL_DEFAULT,
    composeLingerMs:
      read.int('COMPOSE_LINGER_MS', 0, COMPOSE_LINGER_MS_MAX) ?? COMPOSE_LINGER_MS_DEFAULT,
    logLevel: read.choice('LOG_LEVEL', LOG_LEVELS) ?? 'info',
    rateLimits: Object.freeze(readRateLimits(read)),
    clientAddressHeader: read.headerName('CLIENT_ADDRESS_HEADER'),
  }
  return read.problems.length > 0
    ? { kind: 'problems', problems: read.problems }
    : { kind: 'config', config: Object.freeze(config) }
}

/** What makes each link; a wrong one is a problem of its own and not named here again. */
const LINK_SETTINGS: Readonly<Record<LinkName, readonly string[]>> = {
  amqp: ['AMQP_URL'],
  http: ['CUSTOMS_URL'],
  folder: ['FOLDER_OUT', 'FOLDER_IN'],
}

/** Naming a link that is not there would send everything over another one without a word. */
const readCustomsLink = (
  env: Environment,
  read: ReturnType<typeof reader>,
): LinkName | undefined => {
  const link = read.choice('CUSTOMS_LINK', LINK_NAMES)
  const missing = link === undefined ? [] : LINK_SETTINGS[link].filter((name) => !env[name])
  if (link === undefined || missing.length === 0) return link
  return read.problem('CUSTOMS_LINK', {
    zh: `指定了 ${link}，但未设置 ${missing.join('、')}`,
    en: `names ${link}, but ${missing.join(' and ')} is not set`,
  })
}

/** `intake=200000/10, read=20000/10`: points and seconds of each class that shall be another one. */
const readRateLimits = (read: ReturnType<typeof reader>): LimitFigures => {
  const figures: Record<string, { points: number; seconds: number }> = { ...RATE_LIMITS }
  for (const item of (read.text('RATE_LIMITS') ?? '').split(/[\s,]+/).filter(Boolean)) {
    const [, name = '', points, seconds] = /^([a-z-]+)=(\d{1,9})\/(\d{1,9})$/.exec(item) ?? []
    const wanted = { points: Number(points), seconds: Number(seconds) }
    const isWithin = (value: number, max: number): boolean => value >= 1 && value <= max
    if (
      Object.hasOwn(RATE_LIMITS, name) &&
      isWithin(wanted.points, RATE_POINTS_MAX) &&
      isWithin(wanted.seconds, RATE_SECONDS_MAX)
    )
      figures[name] = wanted
    else
      read.problem('RATE_LIMITS', {
        zh: `“${item}”有误:形式为 类别=数量/秒数,类别为 ${Object.keys(RATE_LIMITS).join('、')},秒数不超过 ${RATE_SECONDS_MAX}`,
        en: `"${item}" is wrong: class=points/seconds, of ${Object.keys(RATE_LIMITS).join(', ')}; at most ${RATE_SECONDS_MAX} seconds`,
      })
  }
  return { ...RATE_LIMITS, ...figures }
}

/** One line per problem, Chinese then English, for the terminal. */
export const tellProblems = (problems: readonly ConfigProblem[]): string =>
  ['设置有误 / Wrong settings:', ...problems.map(tellProblem)].join('\n')

const tellProblem = ({ name, text }: ConfigProblem): string => `  ${name}: ${text.zh} / ${text.en}`

/** Leaves room for an account behind it; brokers keep `amq.` for themselves. */
export const isQueueName = (text: string): boolean => /^(?!amq\.)[\w.:-]{1,200}$/.test(text)

export const queueNameText: Text = {
  zh: '须是 1 到 200 位的队列名,只含字母、数字和 . _ : -,且不以 amq. 开头',
  en: 'must be 1 to 200 letters, digits and . _ : - that do not begin with amq.',
}

/** Readers of one setting each; what is wrong is noted and undefined returned. */
const reader = (env: Environment) => {
  const problems: ConfigProblem[] = []
  const problem = (name: string, text: Text): undefined => {
    problems.push({ name, text })
    return undefined
  }
  // An empty value is how shells and container files unset a variable.
  const text = (name: string): string | undefined => env[name] || undefined
  return {
    problems,
    problem,
    text,
    secret: (name: string, lengthMin: number): string | undefined => {
      const value = text(name)
      if (value === undefined || value.length >= lengthMin) return value
      return problem(name, {
        zh: `太短:至少 ${lengthMin} 个字符,可用 openssl rand -base64 32 生成`,
        en: `is too short: at least ${lengthMin} characters; openssl rand -base64 32 makes one`,
      })
    },
    url: (name: string, protocols: readonly string[]): string | undefined => {
      const value = text(name)
      if (value === undefined) return undefined
      if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value
      const starts = protocols.map((protocol) => `${protocol}//`).join(', ')
      return problem(name, {
        zh: `须是以 ${starts} 开头的网址`,
        en: `must be a URL that starts with ${starts}`,
      })
    },
    int: (name: string, min: number, max: number): number | undefined => {
      const value = text(name)
      if (value === undefined) return undefined
      if (/^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max) {
        return Number(value)
      }
      return problem(name, {
        zh: `须是 ${min} 到 ${max} 的整数`,
        en: `must be a whole number from ${min} to ${max}`,
      })
    },
    choice: <T extends string>(name: string, choices: readonly T[]): T | undefined => {
      const value = text(name)
      if (value === undefined) return undefined
      const found = choices.find((choice) => choice === value)
      if (found !== undefined) return found
      return problem(name, {
        zh: `须是其中之一:${choices.join('、')}`,
        en: `must be one of: ${choices.join(', ')}`,
      })
    },
    folders: (outName: string, inName: string): Config['folders'] => {
      const paths = { out: text(outName), in: text(inName) }
      if (paths.out !== undefined && paths.in !== undefined && paths.out !== paths.in)
        return Object.freeze({ out: paths.out, in: paths.in })
      if (paths.out === undefined && paths.in === undefined) return undefined
      return problem(paths.out === undefined ? outName : inName, {
        zh: `${outName} 与 ${inName} 须同时设置，并且是两个不同的文件夹`,
        en: `${outName} and ${inName} must both be set, to two folders`,
      })
    },
    email: (name: string): string | undefined => {
      const value = text(name)
      if (value === undefined || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return value
      return problem(name, {
        zh: '须是邮箱地址',
        en: 'must be an e-mail address',
      })
    },
    headerName: (name: string): string | undefined => {
      const value = text(name)
      if (value === undefined || /^[A-Za-z0-9-]{1,64}$/.test(value)) return value?.toLowerCase()
      return problem(name, {
        zh: '须是 HTTP 头的名称,例如 X-Real-IP',
        en: 'must be the name of an HTTP header, such as X-Real-IP',
      })
    },
    drivers: (name: string): readonly SigningDriver[] => {
      const parts = (text(name) ?? '').split(',').filter((part) => part.trim() !== '')
      const drivers = parts.flatMap((part) => readDriver(part) ?? [])
      const names = new Set(drivers.map((driver) => driver.name))
      if (names.size === parts.length) return drivers
      problem(name, {
        zh: '须是 名称=模块路径[?参数=值&…],多个以逗号分隔,名称为小写字母、数字和连字符且不重复',
        en: 'must be name=path[?setting=value&…], separated by commas; names are lower-case letters, digits and hyphens, each once',
      })
      return []
    },
    queueName: (name: string): string | undefined => {
      const value = text(name)
      if (value === undefined || isQueueName(value)) return value
      return problem(name, queueNameText)
    },
    dxpAddresses: (name: string): readonly string[] | undefined => {
      const value = text(name)
      if (value === undefined) return undefined
      const addresses = readDxpAddresses(value)
      return addresses ?? problem(name, DXP_ADDRESSES)
    },
    transferNode: (ownName: string, endName: string): Config['transferNode'] => {
      const own = text(ownName)
      const end = text(endName)
      if (own === undefined && end === undefined) return undefined
      if (!/^\d{8}$/.test(own ?? ''))
        return problem(ownName, {
          zh: `须是本方传输节点的 8 位数字，与 ${endName} 同时设置`,
          en: `must be the 8 digits of our transfer node, set together with ${endName}`,
        })
      if (!/^[0-9A-Za-z]{1,8}$/.test(end ?? ''))
        return problem(endName, {
          zh: `须是目的节点的 1 到 8 位字母数字，与 ${ownName} 同时设置`,
          en: `must be the node messages go to, 1 to 8 letters and digits, set together with ${ownName}`,
        })
      return Object.freeze({ own: own ?? '', end: end ?? '' })
    },
  }
}

const readDriver = (text: string): SigningDriver | undefined => {
  const match = /^([a-z0-9-]{1,40})=([^?]+)(?:\?(.*))?$/.exec(text.trim())
  if (match === null) return undefined
  const [, name = '', path = '', query = ''] = match
  return { name, path, settings: Object.fromEntries(new URLSearchParams(query)) }
}

/** Addresses separated by commas, in the order of a message's receivers; undefined when they are not. */
export const readDxpAddresses = (value: string): readonly string[] | undefined => {
  const addresses = value.split(',').map((each) => each.trim())
  const isGood =
    addresses.length <= RECEIVERS_PER_MESSAGE_MAX &&
    new Set(addresses).size === addresses.length &&
    addresses.every((each) => /^[A-Za-z0-9]{1,16}$/.test(each))
  return isGood ? Object.freeze(addresses) : undefined
}

export const DXP_ADDRESSES: Text = {
  zh: '须是 1 到 16 位字母数字的 DXP 地址；多个以逗号分隔，至多 5 个',
  en: 'must be a DXP address of 1 to 16 letters and digits; up to 5, separated by commas',
}
