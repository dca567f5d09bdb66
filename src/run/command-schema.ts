/**
 * `yuguan schema`: what a kind of message looks like, as XSD (as in `schemas/`), as JSON schema, or as
 * an example that `validate` and `build` take. Without a code: all kinds with their names.
 */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { findMessage, messages } from '../catalogue/index.ts'
import type { Message } from '../catalogue/message.ts'
import { type ExampleVariant, exampleOf, exampleXml } from '../codec/example.ts'
import { kindFlows } from '../codec/field-page-index.ts'
import { nearestName } from '../codec/nearest.ts'
import { xsdOf } from '../codec/xsd.ts'
import { zodOf } from '../codec/zod.ts'
import type { Environment } from './config.ts'
import { UsageError } from './usage.ts'

export const schema = async (args: readonly string[], _env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      example: { type: 'boolean', default: false },
      xml: { type: 'boolean', default: false },
      minimal: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const { json, example, xml, minimal } = values
  const [code] = positionals
  if (positionals.length > 1) throw new UsageError('只写一个类型代码 / name one code')
  if ([json, example, xml].filter(Boolean).length > 1) {
    throw new UsageError('--json、--example、--xml 只选其一 / choose one of the three')
  }
  if (minimal && !example && !xml) {
    throw new UsageError('--minimal 与 --example 或 --xml 同用 / goes with --example or --xml')
  }
  if (code === undefined) {
    if (example || xml) throw new UsageError('须写类型代码 / name a code')
    process.stdout.write(json ? listJson() : listText())
    return 0
  }
  const entry = kindOf(code)
  const variant: ExampleVariant = minimal ? 'minimal' : 'full'
  if (example) process.stdout.write(exampleJson(entry, variant))
  else if (xml) process.stdout.write(exampleXml(entry, variant))
  else if (json) process.stdout.write(pretty(z.toJSONSchema(zodOf(entry))))
  else process.stdout.write(xsdOf(entry))
  return 0
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** As the interface takes it. */
const exampleJson = (entry: Message, variant: ExampleVariant): string =>
  pretty({ kind: entry.code, documents: [exampleOf(entry, variant)] })

const NEAREST_CODES = 3

/** `311`, `ceb311` and `CEB311Message` are understood as well. */
const kindOf = (text: string): Message => {
  const digits = /^(?:CEB)?(\d+)(?:MESSAGE)?$/.exec(text.trim().toUpperCase())?.[1]
  const code = digits === undefined ? text : `CEB${digits}`
  const entry = findMessage(code)
  if (entry !== undefined) return entry
  const near = nearestKinds(code).map((kind) => `\n  ${kind.code}  ${kind.zh} / ${kind.en}`)
  throw new UsageError(
    near.length === 0
      ? `没有类型 ${text}，全部类型见 yuguan schema / no kind ${text}; yuguan schema lists them`
      : `没有类型 ${text}，是否为 / no kind ${text}, did you mean${near.join('')}`,
  )
}

const nearestKinds = (code: string): readonly Message[] => {
  const left: Message[] = [...messages]
  const found: Message[] = []
  while (found.length < NEAREST_CODES) {
    const near = nearestName(
      code,
      left.map((entry) => entry.code),
    )
    const [entry] = left.splice(
      left.findIndex((one) => one.code === near),
      near === undefined ? 0 : 1,
    )
    if (entry === undefined) break
    found.push(entry)
  }
  return found
}

const listText = (): string =>
  kindFlows()
    .map(({ title, rows }) => {
      const codes = rows.flatMap(({ code, reply }) =>
        reply === undefined ? [code] : [code, reply],
      )
      const lines = codes.map((code) => {
        const entry = findMessage(code)
        return `  ${code}  ${entry?.zh} / ${entry?.en}`
      })
      return `${title.zh} / ${title.en}\n${lines.join('\n')}\n`
    })
    .join('\n')

const listJson = (): string =>
  pretty(
    messages.map(({ code, zh, en, sort, direction, node }) => ({
      ...{ code, zh, en, sort, direction, node },
    })),
  )
