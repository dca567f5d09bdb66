/**
 * The command line. Each command is a file of its own that is loaded when it is called, so that
 * `yuguan validate` does not wait for the server's libraries. Exit codes: 0 done, 1 there were
 * faults or it failed, 2 the command line itself was wrong.
 */
import type { Environment } from './config.ts'
import { UsageError } from './usage.ts'
import { version } from './version.ts'

type Command = (args: readonly string[], env: Environment) => Promise<number>

interface CommandEntry {
  readonly usage: string
  readonly zh: string
  readonly en: string
  readonly load: () => Promise<Command>
}

const commands: Readonly<Record<string, CommandEntry>> = {
  serve: {
    usage: 'serve',
    zh: '启动网关',
    en: 'runs the gateway',
    load: async () => (await import('./command-serve.ts')).serve,
  },
  demo: {
    usage: 'demo [--consignments N] [--exit] [--json]',
    zh: '用合成数据演示全流程',
    en: 'shows the whole way with synthetic consignments',
    load: async () => (await import('./demo.ts')).runDemo,
  },
  migrate: {
    usage: 'migrate [--json]',
    zh: '建立或升级数据库',
    en: 'brings the database to this release',
    load: async () => (await import('./command-migrate.ts')).migrateDatabase,
  },
  recount: {
    usage: 'recount [--json]',
    zh: '按已存清单重算订购人额度',
    en: 'computes buyers’ quotas anew from the stored lists',
    load: async () => (await import('./command-recount.ts')).recount,
  },
  totals: {
    usage: 'totals check|rebuild|place [--month M] [--to M] [--write] [--json] [--from-lane N]',
    zh: '按单证和回执核对或重建统计，或按现行规则重新归属某几个月的清单',
    en: 'holds the totals against documents and replies, rebuilds them, or places lists anew',
    load: async () => (await import('./command-totals.ts')).totals,
  },
  backup: {
    usage: 'backup FILE [--data DIR]',
    zh: '备份内置数据库及密钥',
    en: 'backs up the embedded database and its keys',
    load: async () => (await import('./command-backup.ts')).backup,
  },
  restore: {
    usage: 'restore FILE [--data DIR] [--force]',
    zh: '恢复备份',
    en: 'restores such a backup',
    load: async () => (await import('./command-backup.ts')).restoreBackup,
  },
  sim: {
    usage: 'sim',
    zh: '启动模拟海关',
    en: 'runs a simulated customs office',
    load: async () => (await import('./sim.ts')).runSim,
  },
  signer: {
    usage: 'signer',
    zh: '启动模拟签名服务',
    en: 'runs a simulated signing service',
    load: async () => (await import('./command-signer.ts')).signer,
  },
  verify: {
    usage: 'verify FILE.xml… [--json] [--strict] [--at MOMENT]',
    zh: '验证报文的签名',
    en: 'says whether the signature of a message holds, and whose it is',
    load: async () => (await import('./command-verify.ts')).verify,
  },
  validate: {
    usage: 'validate FILE… [--json] [--kind CODE] [--marked OUT.xlsx]',
    zh: '检查报文(XML)、单证(JSON)或表格(XLSX、CSV)',
    en: 'checks messages (XML), documents (JSON) or sheets (XLSX, CSV)',
    load: async () => (await import('./command-validate.ts')).validate,
  },
  parse: {
    usage: 'parse FILE.xml',
    zh: '报文转 JSON',
    en: 'a message as JSON',
    load: async () => (await import('./command-parse.ts')).parse,
  },
  build: {
    usage: 'build FILE.json [--unsigned]',
    zh: 'JSON 转报文',
    en: 'JSON as a message',
    load: async () => (await import('./command-build.ts')).build,
  },
  schema: {
    usage: 'schema [CODE] [--json | --example | --xml] [--minimal]',
    zh: '列出各类报文；打印其 XSD、JSON Schema 或示例',
    en: 'lists the kinds; prints the XSD, JSON schema or an example of one',
    load: async () => (await import('./command-schema.ts')).schema,
  },
  sheet: {
    usage: 'sheet CODE… [-o FILE.xlsx]',
    zh: '生成单证的表格模板',
    en: 'makes the sheet template of a kind',
    load: async () => (await import('./command-sheet.ts')).sheet,
  },
  enterprise: {
    usage: 'enterprise create --name … --customs-code … --roles … [--dxp-id …]',
    zh: '登记企业',
    en: 'registers an enterprise',
    load: async () => (await import('./command-enterprise.ts')).enterprise,
  },
  key: {
    usage: 'key create --enterprise CODE|--operator [--scopes …] [--name …]',
    zh: '为企业创建 API 密钥',
    en: 'makes an API key for an enterprise',
    load: async () => (await import('./command-key.ts')).key,
  },
  reference: {
    usage:
      'reference load NAME FILE.csv [--source TEXT] [--from DATE] [--replace] [--dry-run] | show NAME',
    zh: '装载或显示参考数据(商品清单、禁售、法定单位、规则数值、节假日)',
    en: 'loads or shows reference data (positive list, bans, units, figures, days of rest)',
    load: async () => (await import('./command-reference.ts')).reference,
  },
  report: {
    usage:
      'report --month yyyy-MM [--as-of MOMENT] [--out DIR] [--format pdf,xlsx,json] [--lang zh|en] [--publish]',
    zh: '生成月度报告，或发布其新版',
    en: 'makes the report of a month, or publishes its next edition',
    load: async () => (await import('./command-report.ts')).report,
  },
  rehearse: {
    usage: 'rehearse [--times N] [--seconds S] [--json]',
    zh: '对模拟海关重放高峰并报告',
    en: 'replays a peak against a simulated office, and reports',
    load: async () => (await import('./command-rehearse.ts')).rehearseCommand,
  },
  bench: {
    usage: 'bench [NAME] [--json]',
    zh: '性能测试',
    en: 'measures',
    load: async () => (await import('./bench/index.ts')).runBench,
  },
}

/** Never throws; the number is the exit code. */
export const main = async (argv: readonly string[], env: Environment): Promise<number> => {
  const [name, ...args] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help())
    return name === undefined ? 2 : 0
  }
  if (name === '--version' || name === '-v') {
    console.log(version)
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    console.error(`没有此命令 / no such command: ${name}\n\n${help()}`)
    return 2
  }
  try {
    return await (await command.load())(args, env)
  } catch (error) {
    if (isUsage(error)) {
      console.error(`${error.message}\n  yuguan ${command.usage}`)
      return 2
    }
    console.error(error instanceof Error ? error.message : String(error))
    return 1
  }
}

/** Our own complaint, or that of the argument parser. */
const isUsage = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))

const help = (): string => {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length))
  const lines = Object.values(commands).map(
    ({ usage, zh, en }) => `  yuguan ${usage.padEnd(width)}  ${zh} / ${en}`,
  )
  return [
    `渝关 Yuguan ${version}`,
    '',
    ...lines,
    '',
    '设置 / Settings: DATABASE_URL, DATA_DIR=./data, PORT=8787, HOST=127.0.0.1, DATA_KEY,',
    '  AUTH_SECRET, PUBLIC_URL, CLIENT_ADDRESS_HEADER, OPERATOR_EMAIL, LOG_LEVEL, RATE_LIMITS',
    '链路 / Links: CUSTOMS_URL + CUSTOMS_TOKEN, AMQP_URL (AMQP_OUT_QUEUE, AMQP_IN_PREFIX),',
    '  FOLDER_OUT + FOLDER_IN, CUSTOMS_LINK, CUSTOMS_IMPORT_ADDRESS, CUSTOMS_EXPORT_ADDRESS,',
    '  DXP_NODE + DXP_END_NODE, CUSTOMS_179_URL, UNANSWERED_RESEND_SECONDS, SIGNING_DRIVERS,',
    '  WEBHOOK_TARGETS, LEASE_SECONDS, COMPOSE_LINGER_MS; docs/operations.md',
  ].join('\n')
}
