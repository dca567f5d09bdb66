/** What the demonstration tells: a table for people, one JSON object for machines. */
import { findMessage } from '../../catalogue/index.ts'
import { stateGroups, states } from '../../catalogue/statuses.ts'
import type { TargetsView } from '../../flow/targets.ts'
import type { Totals } from '../../flow/types.ts'
import type { Fate } from '../../sim/fates.ts'
import { exactAmount, percent, wholeCount } from '../../web/figures.ts'
import type { RunningGateway } from '../node.ts'
import type { DemoEnterprises } from './enterprises.ts'
import { type Ended, nameOf, type Outcome } from './outcome.ts'
import type { DemoPerson } from './people.ts'

export interface Run {
  readonly outcome: Outcome
  /** Figures of the year, with what earlier demonstrations left. */
  readonly byZone: Totals
  readonly toTarget: TargetsView
  readonly messages: number
  readonly replies: number
  readonly seconds: number
}

export interface RunFigures {
  readonly consignments: number
  readonly documents: number
  readonly messages: number
  readonly replies: number
  readonly released: number
  readonly rejected: number
  readonly waiting: number
  readonly seconds: number
  readonly listsPerSecond: number
  readonly totals: {
    readonly trade: string
    readonly target: string | null
    readonly progress: string | null
  }
}

export const figuresOf = ({
  outcome,
  byZone,
  toTarget,
  messages,
  replies,
  seconds,
}: Run): RunFigures => ({
  consignments: outcome.lists.length,
  documents: outcome.documents,
  messages,
  replies,
  released: outcome.released,
  rejected: outcome.rejected,
  waiting: outcome.waiting,
  seconds: Math.round(seconds * 1_000) / 1_000,
  listsPerSecond: Math.round((outcome.lists.length / seconds) * 10) / 10,
  totals: {
    trade: byZone.total.amount,
    target: toTarget.target?.amount ?? null,
    progress: toTarget.progress,
  },
})

/** Problems shown; more of them have the same cause. */
const PROBLEMS_SHOWN = 20

export const tellRun = (run: Run): string => {
  const figures = figuresOf(run)
  const { outcome, byZone } = run
  const { target, progress, done } = run.toTarget
  return [
    '',
    heading('办理结果', 'What became of them'),
    table([
      ['清单', 'consignments', wholeCount(figures.consignments)],
      ['单证', 'documents', wholeCount(figures.documents)],
      ['报文', 'messages', wholeCount(figures.messages)],
      ['回执', 'replies', wholeCount(figures.replies)],
      ['放行', 'released', wholeCount(figures.released)],
      [stateGroups.refused.zh, 'refused', wholeCount(figures.rejected)],
      ['等待或待处理', 'waiting or action needed', wholeCount(figures.waiting)],
      ['用时', 'seconds', figures.seconds.toFixed(1)],
      ['每秒清单', 'lists per second', figures.listsPerSecond.toFixed(1)],
    ]),
    heading('各类单证', 'By kind'),
    table(kindRows(outcome)),
    heading('各种情形', 'Fates'),
    table(fateRows(outcome.lists)),
    heading(`${byZone.year}年各监管区域`, 'Released by zone, CNY'),
    table([
      ...byZone.rows.map((row) => [row.label.zh, wholeCount(row.count), exactAmount(row.amount)]),
      ['合计', wholeCount(byZone.total.count), exactAmount(byZone.total.amount)],
    ]),
    ...(target === null || progress === null
      ? []
      : [
          `目标 / target ${exactAmount(target.amount)} · 交易及结算 / trade and settlement ${exactAmount(done.amount)} · ${percent(progress)}`,
        ]),
    '',
    outcome.problems.length === 0
      ? '✓ 全部符合预期，统计等于已放行清单之和 / all as expected, totals equal the released lists'
      : tellProblems(outcome.problems),
  ].join('\n')
}

/** Where to look next, with a key that may read. */
export const tellPlaces = (
  { url, operator }: RunningGateway,
  { cast, keys }: DemoEnterprises,
  people: readonly DemoPerson[],
): string => {
  const [declarant] = cast.declarants
  const key = keys.get(declarant.customsCode) ?? ''
  return [
    heading('看这里', 'Where to look'),
    table([
      ['首页 / page', url],
      ['接口文档 / API', `${url}/docs`],
      ['大屏 / wall', `${url}/wall`],
    ]),
    heading(`登录 ${url}/sign-in`, 'sign in'),
    table([
      ...people.map(({ what, email, password }) => [what, email, password]),
      ...(operator === undefined ? [] : [['运营者 / operator', operator.email, operator.password]]),
    ]),
    '',
    `  # ${declarant.name}：未通过的清单 / refused lists`,
    `  curl -H 'Authorization: Bearer ${key}' '${url}/api/v1/documents?group=refused&limit=3'`,
    '',
    'Ctrl+C 结束 / ends',
  ].join('\n')
}

const tellProblems = (problems: readonly string[]): string =>
  [
    `✗ ${problems.length} 处不符 / not as expected:`,
    ...problems.slice(0, PROBLEMS_SHOWN).map((problem) => `  ${problem}`),
  ].join('\n')

const heading = (zh: string, en: string): string => `\n${zh} / ${en}`

/** Lists and what was done with them: how many, and how many as announced; then customs' notices. */
const kindRows = ({ lists, acts, notices }: Outcome): readonly (readonly string[])[] => {
  const ended = [...lists, ...acts]
  const kinds = [...new Set(ended.map(({ entry }) => entry))]
  return [
    ...kinds.map((entry) => {
      const all = ended.filter((each) => each.entry === entry)
      const right = all.filter(isRight).length
      const sign = right === all.length ? '✓' : '✗'
      return [nameOf(entry), `${right}/${all.length}`, sign, entry.en]
    }),
    ...Object.entries(notices).map(([kind, count]) => {
      const entry = findMessage(kind)
      return [entry === undefined ? kind : nameOf(entry), wholeCount(count), '', entry?.en ?? '']
    }),
  ]
}

const isRight = ({ state, expected, group }: Ended): boolean =>
  expected === undefined ? group === 'done' : state === expected

/** One row per fate that occurs: mark, what happens, how many, where they ended. */
const fateRows = (lists: readonly Ended[]): readonly (readonly string[])[] => {
  const byFate = new Map<Fate | undefined, Ended[]>()
  for (const list of lists) byFate.set(list.fate, [...(byFate.get(list.fate) ?? []), list])
  return [...byFate].map(([fate, all]) => {
    const right = all.filter(isRight).length
    const sign = right === all.length ? '✓' : '✗'
    const ends = [...new Set(all.map(({ expected }) => (expected ? states[expected].zh : '')))]
    return [
      fate?.mark || '—',
      `${right}/${all.length}`,
      `${sign} ${ends.join('、')}`,
      fate?.zh ?? '',
    ]
  })
}

/** Columns as wide as their widest cell; figures to the right. */
const table = (rows: readonly (readonly string[])[]): string => {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => displayWidth(row[i] ?? ''))),
  )
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => {
        const fill = ' '.repeat((widths[i] ?? 0) - displayWidth(cell))
        return /^[\d,./]+$/.test(cell) ? fill + cell : cell + fill
      })
      return `  ${cells.join('  ')}`.trimEnd()
    })
    .join('\n')
}

/** Chinese characters and their punctuation take two places of a terminal. */
const displayWidth = (text: string): number =>
  [...text].reduce((sum, character) => sum + (/[⺀-￯]/.test(character) ? 2 : 1), 0)
