/** How the gateway stands, at a glance: what asks for somebody stands first, each with the way there. */
import type { z } from 'zod'
import type { troubledMessages } from '../../http/operator-schemas.ts'
import type { disclosureList } from '../../http/payment-schemas.ts'
import type { replyList } from '../../http/reply-schemas.ts'
import type { unknownCodes } from '../../http/schemas.ts'
import type { statusAnswer } from '../../http/status-schemas.ts'
import type { Answered } from '../desk/api.ts'
import { PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { OPERATOR_WEBHOOKS } from '../desk/webhook-parts.tsx'
import { chinaTime, wholeCount } from '../figures.ts'
import { age, countOf, statusTexts } from '../status-texts.ts'
import { fill, type Lang } from '../texts.ts'
import { isLate } from './disclosures.tsx'
import { troubledStates } from './replies.tsx'
import { operatorTexts as texts } from './texts.ts'
import { Standing, type TileProps, Tiles, type Tone } from './tiles.tsx'

type Status = z.infer<typeof statusAnswer>
type Replies = z.infer<typeof replyList>
type Codes = z.infer<typeof unknownCodes>
type Disclosures = z.infer<typeof disclosureList>
type Troubled = z.infer<typeof troubledMessages>

const ENDING = ['asked', 'built', 'ended'] as const

export const overviewPage = async ({ api, lang, t }: Ask): Promise<Shown> => {
  const [status, troubled, codes, replies, disclosures] = await Promise.all([
    api.get<Status>('/api/v1/status'),
    api.get<Troubled>('/api/v1/messages/troubled'),
    api.get<Codes>('/api/v1/codes/unknown'),
    Promise.all(troubledStates.map((state) => api.get<Replies>('/api/v1/replies', { state }))),
    Promise.all(ENDING.map((state) => api.get<Disclosures>('/api/v1/disclosures', { state }))),
  ])
  const problem = [...replies, ...disclosures].find((answer) => answer.kind === 'problem')
  if (problem?.kind === 'problem') return problem
  if (status.kind === 'problem') return status
  if (troubled.kind === 'problem') return troubled
  if (codes.kind === 'problem') return codes
  const [asked, built, ended] = disclosures.map(found)
  const under = [asked, built].flatMap((each) => each?.disclosures ?? [])
  const tiles: TileProps[] = [
    ...gatewayTiles(status.value, lang),
    ...messageTiles(troubled.value, status.value, lang),
    ...replyTiles(replies.map(found), lang),
    codesTile(codes.value, lang),
    ...webhookTiles(status.value, lang),
    ...disclosureTiles(under, ended ?? { disclosures: [], next: null }, lang),
  ]
  const { asOf, stages } = status.value
  return content(
    t(texts.overview),
    <>
      <PageHead
        title={t(texts.overview)}
        note={fill(t(texts.overviewNote), { time: chinaTime(asOf) })}
      >
        <a class="button" href="/operator">
          {t(texts.reload)}
        </a>
      </PageHead>
      <Tiles tiles={tiles} />
      <DataTable
        lang={lang}
        caption={t(texts.stages)}
        rows={stages ?? []}
        columns={[
          { name: t(texts.stage), cell: (row) => t(row) },
          {
            name: t(texts.state),
            cell: (row) => (
              <Standing tone={STAGE_TONES[row.state]} text={t(statusTexts[row.state])} />
            ),
          },
          {
            name: t(texts.waiting),
            kind: 'number',
            cell: (row) => countOf(row.depth, row.more, lang),
          },
          {
            name: t(texts.oldest),
            kind: 'number',
            cell: (row) => (row.ageSeconds === null ? '–' : age(row.ageSeconds, lang)),
          },
        ]}
      />
    </>,
  )
}

const found = <T,>(answer: Answered<T>): T | undefined =>
  answer.kind === 'ok' ? answer.value : undefined

const STAGE_TONES: Readonly<Record<'clear' | 'moving' | 'held' | 'behind', Tone>> = {
  clear: 'good',
  moving: 'good',
  held: 'wait',
  behind: 'wait',
}

const gatewayTiles = (status: Status, lang: Lang): readonly TileProps[] => {
  const up = status.links.filter(({ state }) => state === 'up').length
  const signers = status.signers ?? []
  const out = signers.filter(({ state }) => state !== 'ok')
  const ending = signers.filter(({ state, warning }) => state === 'ok' && warning !== null)
  return [
    {
      href: '/operator/links',
      name: texts.gateway[lang],
      value: statusTexts[status.state][lang],
      note: fill(texts.linksUp[lang], { up: String(up), all: String(status.links.length) }),
      tone: status.state === 'normal' ? 'good' : status.state === 'down' ? 'bad' : 'wait',
    },
    {
      href: '/operator/signers',
      name: texts.signersTrouble[lang],
      value: countOf(out.length, false, lang),
      note: out[0] === undefined ? undefined : out[0].subject || out[0].keyName,
      tone: out.length === 0 ? 'good' : 'bad',
    },
    {
      href: '/operator/signers',
      name: texts.keysEnding[lang],
      value: countOf(ending.length, false, lang),
      note: ending[0]?.warning?.[lang],
      tone: ending.length === 0 ? 'good' : 'wait',
    },
  ]
}

const messageTiles = (
  troubled: Troubled,
  { unanswered }: Status,
  lang: Lang,
): readonly TileProps[] => [
  {
    href: '/operator/links',
    name: texts.undelivered[lang],
    value: countOf(troubled.messages, troubled.more, lang),
    note: troubled.messages === 0 ? undefined : texts.undeliveredNote[lang],
    tone: troubled.messages === 0 ? 'good' : 'bad',
  },
  {
    href: '/operator/links',
    name: texts.unanswered[lang],
    value: unanswered === null ? '–' : countOf(unanswered.messages, unanswered.more, lang),
    note: (unanswered?.messages ?? 0) === 0 ? undefined : texts.unansweredNote[lang],
    tone: (unanswered?.messages ?? 0) === 0 ? 'good' : 'wait',
  },
]

const REPLY_NAMES = {
  unreadable: texts.unreadableReplies,
  unmatched: texts.unmatchedReplies,
  failed: texts.failedReplies,
}

const replyTiles = (pages: readonly (Replies | undefined)[], lang: Lang): readonly TileProps[] =>
  troubledStates.map((state, index) => {
    const { replies = [], next = null } = pages[index] ?? {}
    return {
      href: `/operator/replies?state=${state}`,
      name: REPLY_NAMES[state][lang],
      value: countOf(replies.length, next !== null, lang),
      note: replies[0]?.explanation?.[lang],
      tone: replies.length === 0 ? 'good' : 'wait',
    }
  })

const codesTile = ({ codes }: Codes, lang: Lang): TileProps => {
  const open = codes.filter(({ meaning, code }) => meaning === null && code !== '*')
  const times = open.reduce((sum, { count }) => sum + count, 0)
  return {
    href: '/operator/codes',
    name: texts.unknownCodes[lang],
    value: countOf(open.length, false, lang),
    note:
      open.length === 0
        ? undefined
        : fill(texts.unknownCodesNote[lang], { count: wholeCount(times) }),
    tone: open.length === 0 ? 'good' : 'wait',
  }
}

/** Receivers are their enterprises' own; the operator tells them. */
const webhookTiles = ({ webhooks }: Status, lang: Lang): readonly TileProps[] => {
  if (webhooks === null) return []
  const { failing, disabled, troubled } = webhooks
  const [first] = troubled
  return [
    {
      href: OPERATOR_WEBHOOKS,
      name: texts.webhooksTrouble[lang],
      value: countOf(failing + disabled, false, lang),
      note:
        first === undefined
          ? undefined
          : fill(texts.webhooksTroubleNote[lang], {
              ...{ failing: wholeCount(failing), disabled: wholeCount(disabled) },
              ...{ name: first.enterpriseName, since: sinceOf(first.failingSince) },
            }),
      tone: failing + disabled === 0 ? 'good' : 'wait',
    },
  ]
}

const sinceOf = (iso: string | null): string => (iso === null ? '–' : chinaTime(iso).slice(0, 16))

const disclosureTiles = (
  under: Disclosures['disclosures'],
  ended: Disclosures,
  lang: Lang,
): readonly TileProps[] => {
  const late = under.filter(isLate)
  const oldest = Math.max(0, ...late.map(({ ageSeconds }) => ageSeconds))
  return [
    {
      href: '/operator/disclosures?state=built',
      name: texts.disclosuresLate[lang],
      value: countOf(late.length, false, lang),
      note:
        late.length === 0
          ? undefined
          : fill(texts.disclosuresLateNote[lang], { age: age(oldest, lang) }),
      tone: late.length === 0 ? 'good' : 'bad',
    },
    {
      href: '/operator/disclosures?state=ended',
      name: texts.disclosuresEnded[lang],
      value: countOf(ended.disclosures.length, ended.next !== null, lang),
      note: ended.disclosures[0]?.problem?.text[lang],
      tone: ended.disclosures.length === 0 ? 'good' : 'bad',
    },
  ]
}
