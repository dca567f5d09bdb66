/** `yuguan schema CODE`: our XSD of a kind of message, as in `schemas/`. */
import { parseArgs } from 'node:util'
import { findMessage, messages } from '../catalogue/index.ts'
import { xsdOf } from '../codec/xsd.ts'
import type { Environment } from './config.ts'
import { UsageError } from './usage.ts'

export const schema = async (args: readonly string[], _env: Environment): Promise<number> => {
  const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true })
  const entry = findMessage(positionals[0] ?? '')
  if (entry === undefined) {
    const known = messages.map(({ code }) => code).join(' ')
    throw new UsageError(`类型代码须是其中之一 / the code is one of: ${known}`)
  }
  process.stdout.write(xsdOf(entry))
  return 0
}
