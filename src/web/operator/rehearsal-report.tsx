/** The report of a rehearsal, on screen and on paper: figures, the curve as a drawing and as a table, latencies. */
import type { z } from 'zod'
import type { RehearsalReport, rehearsalView } from '../../http/rehearsal-schemas.ts'
import { REHEARSAL_PEAK } from '../../kernel/rehearsal-limits.ts'
import { Facts } from '../desk/parts.tsx'
import { DataTable } from '../desk/table.tsx'
import { wholeCount } from '../figures.ts'
import { fill, type Lang } from '../texts.ts'
import { rehearsalTexts as texts } from './rehearsal-texts.ts'

interface ReportProps {
  readonly lang: Lang
  readonly view: Pick<z.infer<typeof rehearsalView>, 'times' | 'seconds'>
  readonly report: RehearsalReport
}

export const Report = (props: ReportProps) => {
  const { lang, report } = props
  return (
    <div class="rehearsal-report">
      <Summary {...props} />
      <Chart lang={lang} report={report} />
      <DataTable
        lang={lang}
        caption={texts.latencies[lang]}
        narrow="scroll"
        rows={report.latencies}
        columns={[
          { name: texts.stage[lang], cell: ({ stage }) => stageName(stage, lang) },
          { name: texts.sample[lang], kind: 'number', cell: ({ count }) => wholeCount(count) },
          { name: 'P50', kind: 'number', cell: ({ p50 }) => wholeCount(Math.round(p50)) },
          { name: 'P90', kind: 'number', cell: ({ p90 }) => wholeCount(Math.round(p90)) },
          { name: 'P99', kind: 'number', cell: ({ p99 }) => wholeCount(Math.round(p99)) },
          { name: texts.max[lang], kind: 'number', cell: ({ max }) => wholeCount(Math.round(max)) },
        ]}
      />
      <details class="card titled">
        <summary>{texts.curve[lang]}</summary>
        <DataTable
          lang={lang}
          caption={texts.curve[lang]}
          narrow="scroll"
          rows={report.curve}
          columns={[
            { name: texts.second[lang], kind: 'number', cell: ({ second }) => wholeCount(second) },
            { name: texts.planned[lang], kind: 'number', cell: (row) => wholeCount(row.planned) },
            { name: texts.taken[lang], kind: 'number', cell: ({ taken }) => wholeCount(taken) },
            {
              name: texts.releasedSoFar[lang],
              kind: 'number',
              cell: ({ released }) => wholeCount(released),
            },
          ]}
        />
      </details>
    </div>
  )
}

const stageName = (stage: RehearsalReport['latencies'][number]['stage'], lang: Lang): string =>
  texts[stage === 'released' ? 'releasedStage' : stage][lang]

const Summary = ({ lang, view, report }: ReportProps) => {
  const open = report.lists - report.released
  const perSecond = (count: number): string =>
    fill(texts.perSecond[lang], { count: count.toLocaleString('en') })
  return (
    <section class="card">
      <h2>{texts.summary[lang]}</h2>
      <Facts
        facts={[
          {
            name: texts.released[lang],
            value: `${wholeCount(report.released)} / ${wholeCount(report.lists)} · ${
              open === 0
                ? texts.allReleased[lang]
                : fill(texts.notReleased[lang], { count: wholeCount(open) })
            }`,
          },
          {
            name: texts.plan[lang],
            value: fill(texts.planText[lang], {
              ...{ peak: wholeCount(view.times * REHEARSAL_PEAK), seconds: String(view.seconds) },
            }),
          },
          {
            name: texts.took[lang],
            value: fill(texts.tookText[lang], { seconds: String(report.seconds) }),
          },
          { name: texts.best[lang], value: perSecond(report.bestPerSecond) },
          { name: texts.mean[lang], value: perSecond(report.meanPerSecond) },
          {
            name: texts.memory[lang],
            value: report.residentMb === null ? '–' : `${wholeCount(report.residentMb)} MB`,
          },
          { name: texts.machine[lang], value: report.machine },
          { name: texts.database[lang], value: texts[report.database][lang] },
        ]}
      />
    </section>
  )
}

// ---- drawing ---------------------------------------------------------------------------------

const WIDTH = 720
const HEIGHT = 220
const LEFT = 44
const BOTTOM = 24
const TOP = 8
/** More bars than this are no longer told apart. */
const BARS_MAX = 120

interface Step {
  readonly planned: number
  readonly released: number
}

/** Lists a second, as means over as many seconds as make the bars few enough. */
const stepsOf = (curve: RehearsalReport['curve'], width: number): readonly Step[] => {
  const steps: Step[] = []
  let before = { planned: 0, released: 0 }
  for (let end = width; end < curve.length + width; end += width) {
    const point = curve[Math.min(end, curve.length) - 1]
    if (point === undefined) break
    const { planned, released } = point
    const seconds = Math.min(end, curve.length) - (end - width)
    steps.push({
      planned: (planned - before.planned) / seconds,
      released: (released - before.released) / seconds,
    })
    before = { planned, released }
  }
  return steps
}

const Chart = ({ lang, report }: Pick<ReportProps, 'lang' | 'report'>) => {
  const { curve } = report
  const width = Math.max(1, Math.ceil(curve.length / BARS_MAX))
  const steps = stepsOf(curve, width)
  const top = Math.max(1, ...steps.flatMap(({ planned, released }) => [planned, released]))
  const barWidth = (WIDTH - LEFT) / Math.max(1, steps.length)
  const y = (value: number): number => TOP + (1 - value / top) * (HEIGHT - BOTTOM - TOP)
  const x = (index: number): number => LEFT + index * barWidth
  const path = steps
    .map(
      ({ planned }, index) =>
        `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(planned).toFixed(1)}H${x(index + 1).toFixed(1)}`,
    )
    .join('')
  return (
    <figure class="card rehearsal-chart">
      <figcaption>
        <h2>{texts.chart[lang]}</h2>
        <p class="note">{fill(texts.chartNote[lang], { step: String(width) })}</p>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={texts.chart[lang]}>
        {[0, 0.5, 1].map((part) => (
          <g>
            <line class="grid" x1={LEFT} x2={WIDTH} y1={y(top * part)} y2={y(top * part)} />
            <text class="axis" x={LEFT - 6} y={y(top * part) + 4} text-anchor="end">
              {wholeCount(Math.round(top * part))}
            </text>
          </g>
        ))}
        <g class="bars">
          {steps.map(({ released }, index) => (
            <rect
              x={(x(index) + barWidth * 0.1).toFixed(1)}
              y={y(released).toFixed(1)}
              width={(barWidth * 0.8).toFixed(1)}
              height={(HEIGHT - BOTTOM - y(released)).toFixed(1)}
            />
          ))}
        </g>
        <path class="wanted" d={path} />
        <text class="axis" x={LEFT} y={HEIGHT - 6}>
          0 s
        </text>
        <text class="axis" x={WIDTH} y={HEIGHT - 6} text-anchor="end">
          {curve.length} s
        </text>
      </svg>
    </figure>
  )
}
