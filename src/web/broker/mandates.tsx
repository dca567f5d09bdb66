/** `/broker/mandates`: mandates given to the broker, when they lapse, what they cover. */
import type { z } from 'zod'
import type { mandateList } from '../../http/mandate-schemas.ts'
import { address } from '../desk/api.ts'
import { PageHead, Tabs } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, Pager } from '../desk/table.tsx'
import { kindsNamed, zoneNames } from '../documents/names.ts'
import { fill, type Lang, say } from '../texts.ts'
import { BASE, DaysLeft } from './parts.tsx'
import { brokerTexts as texts } from './texts.ts'

type Page = z.infer<typeof mandateList>
type Mandate = Page['mandates'][number]
const PATH = `${BASE}/mandates`

const STATES = {
  'in-force': texts.inForce,
  coming: texts.coming,
  over: texts.over,
} as const
type State = keyof typeof STATES

const isState = (text: string | undefined): text is State => text !== undefined && text in STATES

export const mandatesPage = async ({ api, lang, t, query, viewer }: Ask): Promise<Shown> => {
  const state: State = isState(query.state) ? query.state : 'in-force'
  const found = await api.get<Page>('/api/v1/mandates', { state, cursor: query.cursor })
  if (found.kind === 'problem') return found
  const { mandates, next } = found.value
  return content(
    t(texts.mandates),
    <>
      <PageHead title={t(texts.mandates)} note={t(texts.mandatesNote)} />
      <Tabs
        label={t(texts.mandatesShown)}
        tabs={Object.entries(STATES).map(([name, text]) => ({
          ...{ href: address(PATH, { state: name }), name: t(text), current: name === state },
        }))}
      />
      <MandateTable
        lang={lang}
        state={state}
        mandates={mandates.filter(({ agentId }) => agentId === viewer.enterprise?.id)}
      />
      <Pager lang={lang} path={PATH} query={query} next={next} />
    </>,
  )
}

interface MandateTableProps {
  readonly lang: Lang
  readonly state: State
  readonly mandates: readonly Mandate[]
}

const MandateTable = ({ lang, state, mandates }: MandateTableProps) => (
  <DataTable
    lang={lang}
    caption={say(texts.mandatesCaption, lang)}
    columns={[
      { name: say(texts.client, lang), cell: ({ principalName }) => principalName },
      {
        name: say(texts.kinds, lang),
        cell: ({ kinds }) => kindsNamed(kinds, lang),
      },
      {
        name: say(texts.zones, lang),
        cell: ({ zones }) =>
          zones.length === 0 ? say(texts.zonesAll, lang) : zoneNames(zones, lang),
      },
      { name: say(texts.validFrom, lang), cell: ({ validFrom }) => validFrom, kind: 'time' },
      {
        name: say(texts.lastDay, lang),
        cell: ({ lastDay }) => lastDay ?? say(texts.noEnd, lang),
        kind: 'time',
      },
      {
        name: say(texts.daysLeft, lang),
        cell: ({ daysLeft, warning }) =>
          daysLeft === null ? (
            '–'
          ) : (
            <>
              <DaysLeft lang={lang} days={daysLeft} />
              {warning === null ? '' : <small> {say(texts.lapses, lang)}</small>}
            </>
          ),
      },
    ]}
    rows={mandates}
    href={({ principalId }) => address(`${BASE}/documents`, { sender: principalId })}
    empty={{
      title: fill(say(texts.mandatesNone, lang), { state: say(STATES[state], lang) }),
      ...(state === 'in-force' ? { note: say(texts.clientsNoneCure, lang) } : {}),
    }}
  />
)
