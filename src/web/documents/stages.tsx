/** How long a document took in each stage, beside what is usual. */
import { Time } from '../desk/parts.tsx'
import { fill, type Lang, say } from '../texts.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import type { DocumentTold } from './reading.ts'

type Stage = DocumentTold['stages'][number]

export const Stages = ({
  lang,
  stages,
}: {
  readonly lang: Lang
  readonly stages: readonly Stage[]
}) =>
  stages.length === 0 ? null : (
    <details class="card titled">
      <summary>{say(texts.stages, lang)}</summary>
      <div class="table-scroll" data-narrow="cards">
        <table class="data">
          <caption>{say(texts.stages, lang)}</caption>
          <thead>
            <tr>
              <th scope="col">{say(texts.stage, lang)}</th>
              <th scope="col">{say(texts.since, lang)}</th>
              <th scope="col">{say(texts.spent, lang)}</th>
              <th scope="col">{say(texts.usual, lang)}</th>
              <th scope="col">{say(texts.verdict, lang)}</th>
            </tr>
          </thead>
          <tbody>
            {stages.map((stage) => (
              <tr>
                <th scope="row">{stage[lang]}</th>
                <td data-label={say(texts.since, lang)}>
                  <Time iso={stage.since} />
                </td>
                <td data-label={say(texts.spent, lang)}>{duration(stage.spentSeconds, lang)}</td>
                <td data-label={say(texts.usual, lang)}>
                  {duration(stage.usual?.medianSeconds ?? null, lang)}
                </td>
                <td data-label={say(texts.verdict, lang)}>
                  {stage.verdict === null ? '–' : say(VERDICTS[stage.verdict], lang)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )

const VERDICTS = {
  usual: texts.verdictUsual,
  slow: texts.verdictSlow,
  stuck: texts.verdictStuck,
} as const

const UNITS = [
  [86_400, { zh: '{n} 天', en: '{n} d' }],
  [3_600, { zh: '{n} 小时', en: '{n} h' }],
  [60, { zh: '{n} 分钟', en: '{n} min' }],
  [1, { zh: '{n} 秒', en: '{n} s' }],
] as const

/** The greatest unit that leaves a whole number, cut off. */
export const duration = (seconds: number | null, lang: Lang): string => {
  if (seconds === null) return '–'
  const [size, text] = UNITS.find(([least]) => seconds >= least) ?? UNITS[3]
  return fill(text[lang], { n: String(Math.floor(seconds / size)) })
}
