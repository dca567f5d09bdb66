/** The way that messages of the enterprise take to customs, by direction. */
import type { z } from 'zod'
import type { enterpriseLinksAnswer } from '../../http/status-schemas.ts'
import type { Problem } from '../desk/api.ts'
import { Check, Select } from '../desk/fields.tsx'
import { ProblemNotice } from '../desk/notices.tsx'
import { PageHead, Time } from '../desk/parts.tsx'
import { content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { linkNamed } from '../status-texts.ts'
import { enterpriseTexts as texts } from './enterprise-texts.ts'
import type { OwnActionAsk, OwnAsk } from './own.ts'

const PATH = '/account/links'

const pathOf = (enterpriseId: string): string =>
  `/api/v1/enterprises/${encodeURIComponent(enterpriseId)}/links`

export const linksPage = async (ask: OwnAsk, problem?: Problem): Promise<Shown> => {
  const { api, t, lang, enterpriseId } = ask
  const found = await api.get<z.infer<typeof enterpriseLinksAnswer>>(pathOf(enterpriseId))
  if (found.kind === 'problem') return found
  const { available, directions } = found.value
  return content(
    t(texts.links),
    <>
      <PageHead title={t(texts.links)} note={t(texts.linksNote)} />
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem} />}
      <DataTable
        lang={lang}
        caption={t(texts.links)}
        columns={[
          { name: t(texts.direction), cell: ({ direction }) => t(texts[direction]) },
          {
            name: t(texts.link),
            cell: ({ link }) => (link === null ? '–' : linkNamed(link, lang)),
          },
          {
            name: t(texts.chosen),
            cell: ({ chosen }) => (chosen === null ? t(texts.bySettings) : linkNamed(chosen, lang)),
          },
          {
            name: t(texts.chosenAt),
            cell: ({ chosenAt }) => <Time iso={chosenAt} />,
            kind: 'time',
          },
        ]}
        rows={directions}
      />
      <ChooseForm ask={ask} available={available} />
    </>,
    problem === undefined ? 200 : 422,
  )
}

const ChooseForm = ({
  ask: { t, lang },
  available,
}: {
  readonly ask: OwnAsk
  readonly available: readonly string[]
}) => (
  <section class="card">
    <h2>{t(texts.choose)}</h2>
    <form class="narrow-form" action={PATH} method="post">
      <Select
        lang={lang}
        name="direction"
        label={t(texts.direction)}
        choices={(['import', 'export'] as const).map((value) => ({ value, name: t(texts[value]) }))}
      />
      <Select
        lang={lang}
        name="link"
        label={t(texts.link)}
        none={t(texts.bySettings)}
        choices={available.map((code) => ({ value: code, name: linkNamed(code, lang) }))}
      />
      <Check name="moveQueue" label={t(texts.moveQueue)} />
      <p class="acts">
        <button type="submit" class="primary">
          {t(texts.choose)}
        </button>
      </p>
    </form>
  </section>
)

export const chooseLink = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, go, enterpriseId } = ask
  const link = form.text('link')
  const chosen = await api.post(pathOf(enterpriseId), {
    direction: form.text('direction'),
    link: link === '' ? null : link,
    moveQueue: form.text('moveQueue') === 'yes',
  })
  return chosen.kind === 'problem'
    ? linksPage(ask, chosen.problem)
    : go(PATH, { tone: 'done', text: texts.linkChosen })
}
