/** Mandates that the enterprise gave or received, with their ends; giving and ending one. */
import type { z } from 'zod'
import type { mandateAnswer, mandateList } from '../../http/mandate-schemas.ts'
import { chinaDay } from '../../kernel/clock.ts'
import type { Problem } from '../desk/api.ts'
import type { FormFields } from '../desk/form-fields.ts'
import { MandateForm, wantedMandate } from '../desk/mandate-form.tsx'
import { ProblemNotice } from '../desk/notices.tsx'
import { Confirm, PageHead } from '../desk/parts.tsx'
import { content, type Shown } from '../desk/room.ts'
import { DataTable, Pager } from '../desk/table.tsx'
import { managesEnterprise } from '../desk/viewer.ts'
import { kindsNamed, zoneNames } from '../documents/names.ts'
import { fill } from '../texts.ts'
import { WARN_DAYS } from './ends.tsx'
import { enterpriseTexts as texts } from './enterprise-texts.ts'
import type { OwnActionAsk, OwnAsk } from './own.ts'

const PATH = '/account/mandates'

type Mandate = z.infer<typeof mandateAnswer>

export const mandatesPage = async (
  ask: OwnAsk,
  problem?: Problem,
  typed?: FormFields,
): Promise<Shown> => {
  const { api, c, t, lang, query, viewer, enterpriseId } = ask
  const found = await api.get<z.infer<typeof mandateList>>('/api/v1/mandates', {
    enterprise: enterpriseId,
    cursor: query.cursor,
  })
  if (found.kind === 'problem') return found
  const { mandates, next } = found.value
  const manages = managesEnterprise(viewer)
  const given = mandates.filter(({ principalId }) => principalId === enterpriseId)
  const received = mandates.filter(({ principalId }) => principalId !== enterpriseId)
  return content(
    t(texts.mandates),
    <>
      <PageHead title={t(texts.mandates)} note={t(texts.mandatesNote)} />
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem} />}
      <h2>{t(texts.given)}</h2>
      <MandateTable ask={ask} mandates={given} side="given" mayEnd={manages} />
      <h2>{t(texts.received)}</h2>
      <MandateTable ask={ask} mandates={received} side="received" mayEnd={false} />
      <Pager lang={lang} path={PATH} query={query} next={next} />
      {manages ? (
        <MandateForm
          {...{ lang, problem, form: typed, agents: given }}
          action={PATH}
          title={texts.giveMandate}
          verb={texts.give}
          today={chinaDay(c.get('deps').flow.clock.now())}
        />
      ) : (
        ''
      )}
    </>,
    problem === undefined ? 200 : 422,
  )
}

interface MandateTableProps {
  readonly ask: OwnAsk
  readonly mandates: readonly Mandate[]
  readonly side: 'given' | 'received'
  readonly mayEnd: boolean
}

const MandateTable = ({ ask: { t, lang }, mandates, side, mayEnd }: MandateTableProps) => (
  <DataTable
    lang={lang}
    caption={t(texts[side])}
    columns={[
      {
        name: t(side === 'given' ? texts.agent : texts.principal),
        cell: ({ agentName, principalName }) => (side === 'given' ? agentName : principalName),
      },
      { name: t(texts.kinds), cell: ({ kinds }) => kindsNamed(kinds, lang) },
      {
        name: t(texts.zones),
        cell: (mandate) =>
          mandate.zones.length === 0 ? t(texts.allZones) : zoneNames(mandate.zones, lang),
      },
      { name: t(texts.from), cell: ({ validFrom }) => validFrom, kind: 'time' },
      { name: t(texts.to), cell: (mandate) => <LastDay t={t} mandate={mandate} /> },
      { name: t(texts.standing), cell: ({ state }) => t(texts[state]) },
      {
        name: t(texts.act),
        cell: ({ id, state, agentName }) =>
          mayEnd && state !== 'over' ? (
            <form action={`${PATH}/${encodeURIComponent(id)}/end`} method="post">
              <button type="submit" aria-label={`${t(texts.end)} ${agentName}`}>
                {t(texts.end)}
              </button>
            </form>
          ) : (
            ''
          ),
      },
    ]}
    rows={mandates}
    empty={{ title: t(texts.noMandates) }}
  />
)

const LastDay = ({ t, mandate }: { readonly t: OwnAsk['t']; readonly mandate: Mandate }) => {
  const { lastDay, daysLeft, state } = mandate
  if (lastDay === null) return <span class="none">{t(texts.noEnd)}</span>
  const isSoon = state === 'in-force' && daysLeft !== null && daysLeft <= WARN_DAYS
  return isSoon ? (
    <strong class="ends" data-ends="soon">
      {fill(t(texts.lapses), { day: lastDay, days: String(daysLeft) })}
    </strong>
  ) : (
    <span>{lastDay}</span>
  )
}

export const giveMandate = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, go, enterpriseId } = ask
  const given = await api.post<Mandate>('/api/v1/mandates', wantedMandate(form, enterpriseId))
  if (given.kind === 'problem') return mandatesPage(ask, given.problem, form)
  // Whoever mistook a code sees at once whom it named, and may end the mandate.
  const named = { agent: given.value.agentName }
  const { zh, en } = texts.mandateGiven
  return go(PATH, { tone: 'done', text: { zh: fill(zh, named), en: fill(en, named) } })
}

export const endMandate = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, t, lang, param, go, enterpriseId, notFound } = ask
  const id = encodeURIComponent(param('id'))
  if (form.text('confirmed') !== 'yes') {
    const found = await api.get<Mandate>(`/api/v1/mandates/${id}`)
    if (found.kind === 'problem') return found
    // The agent may see it, and not end it.
    if (found.value.principalId !== enterpriseId || found.value.state === 'over') return notFound()
    return content(
      t(texts.endTitle),
      <Confirm
        lang={lang}
        title={t(texts.endTitle)}
        consequences={[fill(t(texts.endWhy), { agent: found.value.agentName })]}
        action={`${PATH}/${id}/end`}
        verb={t(texts.end)}
        cancelPath={PATH}
      />,
    )
  }
  const ended = await api.delete(`/api/v1/mandates/${id}`)
  return ended.kind === 'problem' ? ended : go(PATH, { tone: 'done', text: texts.mandateEnded })
}
