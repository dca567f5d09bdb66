/**
 * `yuguan signer`: the simulated signing service as a process of its own until it is told to stop. Its
 * settings come from the environment: PORT, HOST, SIGNER_TOKEN (the bearer it asks for), SEED (SM2
 * keys follow from it), SIGNER_KEYS (`name=algorithm:subject,…`).
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { systemClock } from '../kernel/clock.ts'
import { type ServedKey, startSigningService } from '../sim/signing-service.ts'
import { type ConfigProblem, type Environment, tellProblems } from './config.ts'

const PORT_DEFAULT = 8791
const TOKEN_LENGTH_MIN = 16
const KEYS_DEFAULT = 'sm2=sm2-sm3:合成测试企业,rsa=rsa-sha1:合成测试企业'

export const signer = async (args: readonly string[], env: Environment): Promise<number> => {
  parseArgs({ args: [...args], options: {} })
  const settings = readSignerSettings(env)
  if (settings.kind === 'problems') throw new Error(tellProblems(settings.problems))
  const stopping = new AbortController()
  const ended = new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve())
  })
  const service = await startSigningService({
    ...settings,
    clock: systemClock,
    pause: (ms) => pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined),
  })
  const names = settings.keys.map(({ keyName }) => keyName).join(', ')
  console.error(`模拟签名服务 / simulated signing service: ${service.url} (${names})`)
  await ended
  stopping.abort()
  await service.close()
  return 0
}

/** All wrong settings at once. */
export const readSignerSettings = (env: Environment) => {
  const problems: ConfigProblem[] = []
  const token = env.SIGNER_TOKEN ?? ''
  if (token.length < TOKEN_LENGTH_MIN)
    problems.push({
      name: 'SIGNER_TOKEN',
      text: {
        zh: `必须设置,至少 ${TOKEN_LENGTH_MIN} 个字符,登记签名密钥时填同一令牌`,
        en: `must be set, at least ${TOKEN_LENGTH_MIN} characters; keys are registered with it`,
      },
    })
  const port = Number(env.PORT || PORT_DEFAULT)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push({ name: 'PORT', text: { zh: '须是端口号', en: 'must be a port' } })
  const parts = (env.SIGNER_KEYS || KEYS_DEFAULT).split(',')
  const keys = parts.flatMap((part) => readKey(part) ?? [])
  if (keys.length < parts.length)
    problems.push({
      name: 'SIGNER_KEYS',
      text: {
        zh: '须是 名称=算法:主体,…;算法为 sm2-sm3 或 rsa-sha1',
        en: 'must be name=algorithm:subject,…; algorithms are sm2-sm3 and rsa-sha1',
      },
    })
  if (problems.length > 0) return { kind: 'problems' as const, problems }
  // Without a seed every start has keys of its own.
  const seed = env.SEED || randomBytes(16).toString('hex')
  return { kind: 'settings' as const, host: env.HOST || '127.0.0.1', port, token, seed, keys }
}

const readKey = (text: string): ServedKey | undefined => {
  const match = /^([\w.-]{1,100})=(sm2-sm3|rsa-sha1):(.{1,100})$/.exec(text.trim())
  if (match === null) return undefined
  const [, keyName = '', algorithm, subject = ''] = match
  return { keyName, algorithm: algorithm === 'rsa-sha1' ? 'rsa-sha1' : 'sm2-sm3', subject }
}
