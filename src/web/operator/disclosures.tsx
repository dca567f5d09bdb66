/** Calls of customs for original payment data (179): what became of each upload, and sending it again. */
import type { z } from 'zod'
import { type disclosureList, disclosureStates } from '../../http/payment-schemas.ts'
import { DISCLOSURE_LATE_SECONDS } from '../../kernel/operator-limits.ts'
import { Confirm, PageHead, Tabs, Time } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable, Pager } from '../desk/table.tsx'
import { age } from '../status-texts.ts'
import type { Lang } from '../texts.ts'
import { operatorTexts } from './texts.ts'
import { Standing, type Tone } from './tiles.tsx'
import { watchTexts as texts } from './watch-texts.ts'

type Page = z.infer<typeof disclosureList>
type Row = Page['disclosures'][number]

const PATH = '/operator/disclosures'

/** Not taken by customs yet, and for longer than it should be. */
export const isLate = ({ state, ageSeconds }: Row): boolean =>
  (state === 'asked' || state === 'built') && ageSeconds > DISCLOSURE_LATE_SECONDS

export const disclosuresPage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const state = disclosureStates.find((each) => each === query.state)
  const found = await api.get<Page>('/api/v1/disclosures', { state, cursor: query.cursor })
  if (found.kind === 'problem') return found
  const { disclosures, next } = found.value
  return content(
    t(operatorTexts.disclosures),
    <>
      <PageHead title={t(operatorTexts.disclosures)} note={t(texts.disclosuresNote)} />
      <Tabs
        label={t(operatorTexts.disclosures)}
        tabs={[
          { href: PATH, name: t(texts.every), current: state === undefined },
          ...disclosureStates.map((each) => ({
            href: `${PATH}?state=${each}`,
            name: t(texts[each]),
            current: each === state,
          })),
        ]}
      />
      <DataTable
        lang={lang}
        caption={t(operatorTexts.disclosures)}
        rows={disclosures}
        columns={columns(lang)}
        empty={{ title: t(texts.noDisclosures) }}
      />
      <Pager lang={lang} path={PATH} query={query} next={next} />
    </>,
  )
}

const TONES: Readonly<Record<Row['state'], Tone>> = {
  asked: 'good',
  built: 'good',
  done: 'good',
  ended: 'bad',
}

const columns = (lang: Lang): readonly Column<Row>[] => [
  { name: texts.orderNo[lang], kind: 'code', cell: ({ orderNo }) => orderNo },
  {
    name: operatorTexts.state[lang],
    cell: (row) =>
      isLate(row) ? (
        <Standing tone="wait" text={`${texts[row.state][lang]} · ${texts.late[lang]}`} />
      ) : (
        <Standing tone={TONES[row.state]} text={texts[row.state][lang]} />
      ),
  },
  { name: texts.askedAt[lang], kind: 'time', cell: ({ askedAt }) => <Time iso={askedAt} /> },
  { name: texts.age[lang], kind: 'number', cell: ({ ageSeconds }) => age(ageSeconds, lang) },
  {
    name: texts.answer[lang],
    cell: ({ code, message }) => [code, message].filter((part) => part !== null).join(' ') || '–',
  },
  {
    name: texts.why[lang],
    cell: ({ problem }) => (problem === null ? '–' : `${problem.text[lang]} ${problem.cure[lang]}`),
  },
  {
    name: texts.platform[lang],
    kind: 'code',
    wideOnly: true,
    cell: ({ platformId }) => platformId,
  },
  {
    name: texts.sendAgain[lang],
    cell: ({ id, state }) =>
      state === 'ended' ? (
        <form action={`${PATH}/${id}/retry`} method="post">
          <button type="submit">{texts.sendAgain[lang]}</button>
        </form>
      ) : (
        '–'
      ),
  },
]

export const retryUpload = async ({
  api,
  lang,
  t,
  form,
  param,
  go,
  notFound,
}: ActionAsk): Promise<Shown> => {
  const back = `${PATH}?state=ended`
  if (form.text('confirmed') !== 'yes')
    return content(
      t(texts.sendAgainTitle),
      <Confirm
        lang={lang}
        title={t(texts.sendAgainTitle)}
        consequences={[t(texts.sendAgainWhat)]}
        action={`${PATH}/${encodeURIComponent(param('id'))}/retry`}
        verb={t(texts.sendAgain)}
        cancelPath={back}
      />,
    )
  const done = await api.post(`/api/v1/disclosures/${encodeURIComponent(param('id'))}/retry`)
  if (done.kind === 'problem') return done.status === 404 ? notFound() : done
  return go(back, { tone: 'done', text: texts.resumed })
}
