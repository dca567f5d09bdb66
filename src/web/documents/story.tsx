/** The story of one or several documents, with customs' own words. */
import { allStates, states } from '../../catalogue/statuses.ts'
import { readStamp } from '../../kernel/clock.ts'
import { Timeline, type TimelineItem } from '../desk/parts.tsx'
import { type Lang, say } from '../texts.ts'
import { STEPS_SHOWN_MAX } from './document-limits.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import { kindShort } from './names.ts'
import type { Step, Told } from './reading.ts'

export interface StoryProps {
  readonly lang: Lang
  readonly told: readonly Told[]
  /** Says of each step whose it is. */
  readonly named?: boolean
}

/** The newest step first: what is true now is read before how it came to be. */
export const Story = ({ lang, told, named = false }: StoryProps) => {
  const steps = told
    .flatMap(({ document, steps: own }) => {
      const reached = reachedOf(own)
      return own.map((step, index) => ({ step, by: reached[index] ?? '', kind: document.kind }))
    })
    .sort((a, b) => (a.by < b.by ? -1 : a.by > b.by ? 1 : 0))
    .reverse()
  return (
    <section class="card story">
      <h2>{say(texts.story, lang)}</h2>
      <Timeline
        items={steps
          .slice(0, STEPS_SHOWN_MAX)
          .map(({ step, kind }) => itemOf(lang, step, named ? kind : undefined))}
      />
      {steps.length > STEPS_SHOWN_MAX ? <p class="note">{say(texts.storyMore, lang)}</p> : ''}
    </section>
  )
}

/** When customs did it, by its own word; else when it came in. */
const momentOf = ({ at, returnTime }: Step): string =>
  (returnTime === null ? undefined : readStamp(returnTime))?.toISOString() ?? at

/** How late the story is at each step: several stories are told as one, and each keeps its order. */
const reachedOf = (steps: readonly Step[]): readonly string[] => {
  let latest = ''
  return steps.map((step) => {
    const moment = momentOf(step)
    if (moment > latest) latest = moment
    return latest
  })
}

const itemOf = (lang: Lang, step: Step, kind: string | undefined): TimelineItem => {
  const group = groupOfStep(step)
  return {
    at: momentOf(step),
    title: (
      <>
        {kind === undefined ? '' : <span class="story-kind">{kindShort(kind, lang)}</span>}
        <strong>{step[lang]}</strong>
        <span class="story-source"> {say(SOURCES[step.source], lang)}</span>
        {step.returnStatus === null || step.source === 'gateway' ? (
          ''
        ) : (
          <code class="story-code">{step.returnStatus}</code>
        )}
      </>
    ),
    detail: <StepDetail lang={lang} step={step} />,
    ...(group === undefined ? {} : { group }),
  }
}

const StepDetail = ({
  lang,
  step: { info, reason },
}: {
  readonly lang: Lang
  readonly step: Step
}) => (
  <>
    {info === null || info === '' ? '' : <q class="official">{info}</q>}
    {reason === null || reason.results.length === 0 ? (
      ''
    ) : (
      <ul class="result-codes">
        {reason.results.map((result) => (
          <li>
            <code>{result.code}</code> {result[lang]}
          </li>
        ))}
      </ul>
    )}
    {reason === null || !NEEDS_CURE.has(reason.cause.name) ? (
      ''
    ) : (
      <p class="cure">
        <span>{say(texts.cure, lang)}</span> {reason.cure[lang]}
      </p>
    )}
  </>
)

/** The cause of what goes its way has no cure worth saying. */
const NEEDS_CURE: { has(name: string): boolean } = {
  has: (name) => !['on-its-way', 'finished'].includes(name),
}

const SOURCES = {
  gateway: texts.sourceGateway,
  customs: texts.sourceCustoms,
  exchange: texts.sourceExchange,
} as const

const groupOfStep = ({ state }: Step) => {
  const known = allStates.find((each) => each === state)
  if (known === undefined) return undefined
  return known === 'released' || known === 'closed' ? 'done' : states[known].group
}
