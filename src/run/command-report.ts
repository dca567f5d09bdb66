/**
 * `yuguan report --month yyyy-MM`: the monthly report as files, as a draft or, with `--publish`, as
 * the next edition of its month. The same month as of the same moment gives the same bytes.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { draftReport, findEdition, publishReport } from '../flow/reports.ts'
import type { FlowDeps } from '../flow/types.ts'
import { readStamp } from '../kernel/clock.ts'
import type { Fault } from '../kernel/fault.ts'
import type { Report, ReportLang } from '../reports/model.ts'
import { xlsxWriter } from '../reports/xlsx.ts'
import type { Environment } from './config.ts'
import { nodeLog } from './log.ts'
import { startGateway } from './node.ts'
import { reportPdf } from './report-pdf.ts'
import { configOf, UsageError } from './usage.ts'

const FORMATS = {
  pdf: reportPdf,
  xlsx: xlsxWriter,
  json: async ({ publication, figures }: Report): Promise<Uint8Array> =>
    new TextEncoder().encode(`${JSON.stringify({ publication, figures })}\n`),
} as const

type Format = keyof typeof FORMATS

interface Options {
  readonly month: string
  readonly asOf: Date | undefined
  readonly out: string
  readonly formats: readonly Format[]
  readonly lang: ReportLang
  readonly publish: boolean
}

export const report = async (args: readonly string[], env: Environment): Promise<number> => {
  const options = readOptions(args)
  const gateway = await startGateway({
    config: configOf(env),
    log: nodeLog('warn', 2),
    listen: false,
    loops: false,
  })
  try {
    const made = await make(gateway.flow, options)
    if ('faults' in made) {
      for (const { code, text, cure } of made.faults)
        console.error(`✗ ${code}\n  ${text.zh} / ${text.en}\n  → ${cure.zh} / ${cure.en}`)
      return 1
    }
    await writeFiles(made, options)
    return 0
  } finally {
    await gateway.stop()
  }
}

const make = async (
  flow: FlowDeps,
  { month, asOf, publish }: Options,
): Promise<Report | { readonly faults: readonly Fault[] }> => {
  if (!publish) return draftReport(flow, { month, asOf })
  const answer = await publishReport(flow, { month, asOf }, 'cli')
  if (answer.kind === 'wrong') return answer
  if (answer.kind === 'unchanged') console.log('与上一版没有差异 / nothing differs from the last')
  const edition = await findEdition(flow, answer.publication.id)
  if (edition === undefined) throw new Error('the edition is not stored')
  return edition
}

const writeFiles = async (made: Report, { out, formats, lang, month }: Options): Promise<void> => {
  await mkdir(out, { recursive: true })
  const name = made.publication?.number ?? `YG-${month}-draft`
  for (const format of formats) {
    const file = join(out, `${name}.${format}`)
    const bytes = await FORMATS[format](made, lang)
    await writeFile(file, bytes)
    console.log(`${file}  ${bytes.length} B`)
  }
  console.log(`数据截至 / as of ${made.figures.asOf}  sha256 ${made.sha256}`)
}

const readOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      month: { type: 'string' },
      'as-of': { type: 'string' },
      out: { type: 'string', default: '.' },
      format: { type: 'string', default: 'pdf,xlsx,json' },
      lang: { type: 'string', default: 'zh' },
      publish: { type: 'boolean', default: false },
    },
  })
  const { month = '', out, lang, publish, 'as-of': moment } = values
  const isMonth = /^\d{4}-\d\d$/.test(month) && readStamp(`${month.replace('-', '')}01`)
  if (!isMonth) throw new UsageError('--month: yyyy-MM')
  if (lang !== 'zh' && lang !== 'en') throw new UsageError('--lang: zh | en')
  const formats = [...new Set(values.format.split(','))]
  if (!formats.every(isFormat)) throw new UsageError(`--format: ${Object.keys(FORMATS).join(',')}`)
  return { month, asOf: readMoment(moment), out, formats, lang, publish }
}

const isFormat = (text: string): text is Format => Object.hasOwn(FORMATS, text)

/** With its zone: a bare time would be another moment on another machine. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/

const readMoment = (text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined
  const at = new Date(text)
  if (!MOMENT.test(text) || Number.isNaN(at.getTime()))
    throw new UsageError('--as-of: 2026-11-03T09:00:00+08:00')
  return at
}
