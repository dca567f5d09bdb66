/** The card that says what comes next: one sentence and the buttons that go with it. */
import { type Lang, say } from '../texts.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import type { NextStepTold, Standing } from './next-step.ts'
import type { DocumentTold } from './reading.ts'

export const NextCard = ({
  lang,
  step,
  about,
}: {
  readonly lang: Lang
  readonly step: NextStepTold
  /** Which document it is about, where there are several. */
  readonly about?: string
}) => (
  <section class="card next-step" aria-labelledby="next-step">
    <h2 id="next-step">{say(texts.nextStep, lang)}</h2>
    <p class="next-sentence">
      {about === undefined ? '' : <span class="next-about">{about} </span>}
      {step.sentence[lang]}
    </p>
    {step.acts.length === 0 ? (
      ''
    ) : (
      <p class="acts">
        {step.acts.map(({ href, name, primary }) => (
          <a class={primary === true ? 'button primary' : 'button'} href={href}>
            {name[lang]}
          </a>
        ))}
      </p>
    )}
  </section>
)

export const standingOf = (told: DocumentTold): Standing => ({
  ...{ id: told.id, kind: told.kind, state: told.state, group: told.group },
  cure: told.reason?.cure,
  numbered: Object.keys(told.customsNumbers).length > 0,
})
