/**
 * `yuguan sheet KIND…`: the template of one kind or several as a workbook. Without `-o` it becomes a
 * file named after the first kind, which must not be there yet; `-o -` writes
 * to standard output.
 */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { declarations, findDeclaration } from '../catalogue/index.ts'
import { nearestName } from '../codec/nearest.ts'
import { bytesOf } from '../codec/sheet/bytes.ts'
import { writeTemplate } from '../codec/sheet/template.ts'
import { date8, systemClock } from '../kernel/clock.ts'
import type { Environment } from './config.ts'
import { UsageError } from './usage.ts'

export const sheet = async (args: readonly string[], _env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { output: { type: 'string', short: 'o' } },
    allowPositionals: true,
  })
  const [first] = positionals
  if (first === undefined) throw new UsageError('须写单证代码 / name a kind')
  const entries = positionals.map((code) => findDeclaration(code) ?? unknownKind(code))
  const template = bytesOf(writeTemplate(entries, date8(systemClock.now())))
  const path = values.output ?? `${first}.xlsx`
  if (path === '-') {
    for await (const piece of template) process.stdout.write(Buffer.from(piece))
    return 0
  }
  const flags = values.output === undefined ? 'wx' : 'w'
  await pipeline(Readable.from(template), createWriteStream(path, { flags }))
  console.log(path)
  return 0
}

const unknownKind = (code: string): never => {
  const near = nearestName(
    code,
    declarations.map((entry) => entry.code),
  )
  const hint = near === undefined ? '' : `;${near}?`
  throw new UsageError(`没有这种可提交的单证 / no such kind is handed in: ${code}${hint}`)
}
