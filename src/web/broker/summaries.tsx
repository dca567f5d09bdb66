/** `/broker/summaries`: released export lists to be summarised by the 15th; preview and handing in. */
import type { z } from 'zod'
import { declarations } from '../../catalogue/index.ts'
import { shapeOf } from '../../codec/shape.ts'
import type { dueAnswer, summaryAnswer } from '../../http/action-schemas.ts'
import { chinaDay } from '../../kernel/clock.ts'
import { type ApiProblem, address } from '../desk/api.ts'
import { codeText } from '../desk/code-names.ts'
import { type Choice, Field, faultsAt, Select } from '../desk/fields.tsx'
import { ProblemNotice, type ToldFault } from '../desk/notices.tsx'
import { Confirm, PageHead, Tabs } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, Pager } from '../desk/table.tsx'
import { wholeCount } from '../figures.ts'
import { fill, type Lang, say } from '../texts.ts'
import { SUMMARY_MONTHS } from './broker-limits.ts'
import { BASE, type ClientNames, Coded, clientNames } from './parts.tsx'
import { summaryTexts as texts } from './summary-texts.ts'

type Due = z.infer<typeof dueAnswer>
type Scope = Due['scopes'][number]
const PATH = `${BASE}/summaries`
const MONTH = /^20\d\d-(?:0[1-9]|1[0-2])$/

export const summariesPage = async (ask: Ask): Promise<Shown> => {
  const { api, lang, t, query } = ask
  const months = latestMonths(ask)
  // What falls due next was released last month.
  const month = MONTH.test(query.month ?? '') ? (query.month ?? '') : (months[1] ?? '')
  const [found, clients] = await Promise.all([
    api.get<Due>('/api/v1/summaries/due', { month, cursor: query.cursor }),
    api.get<ClientNames>('/api/v1/clients/names'),
  ])
  if (found.kind === 'problem') return found
  if (clients.kind === 'problem') return clients
  const { deadline, scopes, next } = found.value
  return content(
    t(texts.title),
    <>
      <PageHead
        title={t(texts.title)}
        note={
          deadline === null
            ? fill(t(texts.noteNoRule), { month })
            : fill(t(texts.note), {
                ...{ month, date: deadline.date, source: deadline.source },
                grade: deadline.confidence,
              })
        }
      />
      <Tabs
        label={t(texts.months)}
        tabs={months.map((each) => ({
          ...{ href: address(PATH, { month: each }), name: each, current: each === month },
        }))}
      />
      <ScopeTable
        lang={lang}
        month={month}
        scopes={scopes}
        clientName={clientNames(clients.value.clients)}
      />
      <Pager lang={lang} path={PATH} query={query} next={next} />
    </>,
  )
}

/** This month and those before it. */
const latestMonths = ({ c }: Ask): readonly string[] => {
  const [year = 0, month = 1] = chinaDay(c.get('deps').flow.clock.now()).split('-').map(Number)
  return Array.from({ length: SUMMARY_MONTHS }, (_, back) =>
    new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7),
  )
}

interface ScopeTableProps {
  readonly lang: Lang
  readonly month: string
  readonly scopes: readonly Scope[]
  readonly clientName: ReturnType<typeof clientNames>
}

const ScopeTable = ({ lang, month, scopes, clientName }: ScopeTableProps) => {
  const nameOf = (client: string, registered: string | null) => (
    <Coded code={client} name={clientName({ client, clientName: registered })} />
  )
  return (
    <DataTable
      lang={lang}
      caption={say(texts.caption, lang)}
      columns={[
        {
          name: say(texts.merchant, lang),
          cell: ({ ebcCode, ebcName }) => nameOf(ebcCode, ebcName),
        },
        {
          name: say(texts.office, lang),
          cell: ({ customsCode }) => codeText('customs', customsCode, lang),
        },
        {
          name: say(texts.agent, lang),
          cell: ({ agentCode, agentName }) => nameOf(agentCode, agentName),
        },
        {
          name: say(texts.due, lang),
          cell: ({ due, overdue }) => (
            <span class="days-left" data-near={overdue && due > 0 ? 'over' : undefined}>
              {wholeCount(due)}
              {overdue && due > 0 ? <small> {say(texts.overdue, lang)}</small> : ''}
            </span>
          ),
          kind: 'number',
        },
        {
          name: say(texts.done, lang),
          cell: ({ summarised }) => wholeCount(summarised),
          kind: 'number',
        },
        {
          name: say(texts.act, lang),
          cell: ({ due, ...scope }) =>
            due === 0 ? '–' : <a href={formPath(month, scope)}>{say(texts.act, lang)}</a>,
        },
      ]}
      rows={scopes}
      href={(scope) => (scope.due === 0 ? undefined : formPath(month, scope))}
      empty={{ title: fill(say(texts.none, lang), { month }), note: say(texts.noneCure, lang) }}
    />
  )
}

const formPath = (
  month: string,
  { customsCode, ebcCode, agentCode }: Pick<Scope, 'customsCode' | 'ebcCode' | 'agentCode'>,
): string => address(`${PATH}/new`, { month, customsCode, ebcCode, agentCode })

// ---- one summary -----------------------------------------------------------------------------

/** Head fields that follow from no list, as the catalogue tells them. */
const ASKED = ['declAgentCode', 'declAgentName', 'summaryFlag', 'itemNameFlag', 'loctNo', 'note']
const SUMMARY = declarations.find(({ acts }) => acts?.verb === 'summarise')
const SCOPE = ['month', 'customsCode', 'ebcCode', 'agentCode'] as const

export const summaryFormPage = (ask: Ask): Promise<Shown> => formOf(ask, ask.query)

const formOf = async (
  ask: Ask,
  values: Readonly<Record<string, string>>,
  again?: ApiProblem,
): Promise<Shown> => {
  const { api, lang, t, viewer, notFound } = ask
  if (SCOPE.some((name) => (values[name] ?? '') === '')) return notFound()
  const { month = '', ebcCode = '', customsCode = '' } = values
  const clients = await api.get<ClientNames>('/api/v1/clients/names')
  if (clients.kind === 'problem') return clients
  const merchant = clientNames(clients.value.clients)({ client: ebcCode, clientName: null })
  const title = fill(t(texts.formTitle), { merchant, month })
  const usual: Readonly<Record<string, string | undefined>> = {
    ...{ declAgentCode: values.agentCode, declAgentName: viewer.enterprise?.name },
  }
  return content(
    title,
    <>
      <PageHead
        title={title}
        note={fill(t(texts.formNote), { office: codeText('customs', customsCode, lang) })}
      />
      {again === undefined ? '' : <ProblemNotice lang={lang} problem={again.problem} />}
      <form class="card" action={`${PATH}/new`} method="post">
        {SCOPE.map((name) => (
          <input type="hidden" name={name} value={values[name] ?? ''} />
        ))}
        {ASKED.map((name) => (
          <AskedField
            lang={lang}
            name={name}
            value={values[name] ?? usual[name]}
            faults={faultsAt(again?.problem.faults ?? [], `/${name}`)}
          />
        ))}
        <p class="acts">
          <button type="submit" class="primary">
            {t(texts.preview)}
          </button>
        </p>
      </form>
    </>,
    again === undefined ? 200 : 422,
  )
}

interface AskedFieldProps {
  readonly lang: Lang
  readonly name: string
  readonly value: string | undefined
  readonly faults: readonly ToldFault[]
}

const AskedField = ({ lang, name, value, faults }: AskedFieldProps) => {
  const field = SUMMARY === undefined ? undefined : shapeOf(SUMMARY).head.byName.get(name)?.field
  const label = lang === 'zh' ? `${field?.zh ?? ''} ${name}` : name
  const shared = { lang, name, label, value, faults, required: field?.required === true }
  const choices: readonly Choice[] = Object.entries(field?.values ?? {}).map(([code, text]) => ({
    ...{ value: code, name: `${code} ${text}` },
  }))
  return choices.length > 0 ? (
    <Select {...shared} choices={choices} {...(shared.required ? {} : { none: '–' })} />
  ) : (
    <Field {...shared} maxlength={field?.max ?? 1_000} />
  )
}

export const makeSummary = async (ask: ActionAsk): Promise<Shown> => {
  const { api, form, lang, t, go } = ask
  const { values } = form
  const body = Object.fromEntries(
    [...SCOPE, ...ASKED].flatMap((name) => {
      const value = form.text(name)
      return value === '' ? [] : [[name, value]]
    }),
  )
  const isConfirmed = form.text('confirmed') === 'yes'
  const path = isConfirmed ? '/api/v1/summaries' : '/api/v1/summaries?dryRun=true'
  const made = await api.post<z.infer<typeof summaryAnswer>>(path, body)
  if (made.kind === 'problem')
    return made.status === 404 || made.status === 429 ? made : formOf(ask, values, made)
  const { lists, left, results } = made.value
  const counts = {
    ...{ lists: wholeCount(lists), left: wholeCount(left) },
    parts: wholeCount(results.length),
  }
  const back = address(PATH, { month: form.text('month') })
  if (results.length === 0) return go(back, { tone: 'failed', text: texts.nothing })
  if (isConfirmed)
    return go(back, {
      tone: 'done',
      text: { zh: fill(texts.handedIn.zh, counts), en: fill(texts.handedIn.en, counts) },
    })
  return content(
    t(texts.previewTitle),
    <Confirm
      lang={lang}
      title={t(texts.previewTitle)}
      consequences={[
        fill(t(texts.previewLists), counts),
        ...(left === 0 ? [] : [fill(t(texts.previewLeft), counts)]),
        t(texts.previewThen),
      ]}
      action={`${PATH}/new`}
      fields={body}
      verb={t(texts.handIn)}
      cancelPath={back}
    />,
  )
}
