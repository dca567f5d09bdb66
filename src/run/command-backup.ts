/**
 * `yuguan backup FILE` and `yuguan restore FILE`, for installations with the embedded database. On
 * PostgreSQL its own tools do it: then the commands to run are told. See docs/operations.md.
 */
import { parseArgs } from 'node:util'
import { systemClock } from '../kernel/clock.ts'
import { backUp, restore } from './backup.ts'
import type { Config, Environment } from './config.ts'
import { configOf, UsageError } from './usage.ts'
import { version } from './version.ts'

export const backup = async (args: readonly string[], env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { data: { type: 'string' } },
    allowPositionals: true,
  })
  const file = fileOf(positionals)
  const config = configOf(env)
  if (isOnServer(config, values.data)) {
    tellServer('pg_dump -Fc -f FILE.dump "$DATABASE_URL"')
    return 1
  }
  const dataDir = values.data ?? config.dataDir
  const done = await backUp(dataDir, file, { program: version, now: systemClock.now() })
  console.log(`${file}: ${done.files} 个文件 / files, ${done.bytes} B, sha256 ${done.sha256}`)
  console.log(
    done.hasKey
      ? '内含数据密钥：请像密钥一样保管 / It holds the data key: keep it like a key.'
      : '数据密钥不在其中(由 DATA_KEY 设置)：请另行保管 / The data key is not in it (DATA_KEY): keep that apart.',
  )
  return 0
}

export const restoreBackup = async (args: readonly string[], env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { data: { type: 'string' }, force: { type: 'boolean' } },
    allowPositionals: true,
  })
  const file = fileOf(positionals)
  const config = configOf(env)
  if (isOnServer(config, values.data)) {
    tellServer('pg_restore --clean --if-exists --no-owner -d "$DATABASE_URL" FILE.dump')
    return 1
  }
  const dataDir = values.data ?? config.dataDir
  const done = await restore(file, dataDir, {
    force: values.force === true,
    now: systemClock.now(),
  })
  console.log(
    `${dataDir}: ${done.files} 个文件 / files, ${done.bytes} B; 备份于 / backed up ${done.at} (${done.program})`,
  )
  if (done.before !== undefined) console.log(`原数据 / data before: ${done.before}`)
  return 0
}

const fileOf = (positionals: readonly string[]): string => {
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('须写一个文件 / name one file')
  return file
}

/** `--data` names an embedded database whatever the settings say. */
const isOnServer = ({ databaseUrl }: Config, data: string | undefined): boolean =>
  databaseUrl !== undefined && data === undefined

const tellServer = (command: string): void => {
  console.error(
    '数据库是 PostgreSQL(DATABASE_URL)，请用其自带工具，并另行保管数据密钥与会话密钥：\n' +
      'The database is PostgreSQL (DATABASE_URL): use its own tools, and keep data key and session secret apart:\n' +
      `  ${command}`,
  )
}
