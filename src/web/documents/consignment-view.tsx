/** The heart of a desk: the documents of a consignment side by side, and what comes next. */
import { LiveRegion, PageHead, StateBadge, stateName, Time } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import type { Viewer } from '../desk/viewer.ts'
import { fill, type Lang, listed, say } from '../texts.ts'
import { Comparisons } from './comparison.tsx'
import { documentsTexts as texts } from './documents-texts.ts'
import { isGroup } from './groups.ts'
import { QuotaCard, TaxCard } from './money-cards.tsx'
import { consignmentKinds, kindShort } from './names.ts'
import { NextCard, standingOf } from './next-card.tsx'
import { type NextStepTold, nextStepOf } from './next-step.ts'
import { ownsKind } from './own-kinds.ts'
import { type DocumentPlaces, documentPath, formPath } from './places.ts'
import { type Consignment, type DocumentTold, readOwn, readQuota, type Told } from './reading.ts'
import { Story } from './story.tsx'

/** `GET base/consignments/:orderNo`, as a page. */
export const consignmentPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { api, lang, t, viewer, param } = ask
  const orderNo = param('orderNo')
  const found = await api.get<Consignment>(`/api/v1/consignments/${encodeURIComponent(orderNo)}`)
  if (found.kind === 'problem') return found
  const consignment = found.value
  const told = await readOwn(api, consignment)
  const quota = await readQuota(api, told)
  const kinds = consignmentKinds(consignment.documents.map(({ kind }) => kind))
  const title = fill(t(texts.consignment), { number: orderNo })
  const shared = { lang, places, viewer, consignment, kinds, told }
  const list = told.find(({ document }) => document.tax !== undefined)
  return content(
    title,
    <div class="live-region" data-live-order={orderNo}>
      <PageHead title={title} />
      <LiveRegion name="next">
        <Next {...shared} />
      </LiveRegion>
      <LiveRegion name="documents">
        <FourDocuments {...shared} />
        <Comparisons lang={lang} comparisons={consignment.comparisons} kinds={kinds} />
      </LiveRegion>
      <LiveRegion name="money">
        <div class="side-by-side">
          {list === undefined ? '' : <TaxCard lang={lang} tax={list.document.tax} />}
          {quota === undefined ? '' : <QuotaCard lang={lang} quota={quota} />}
        </div>
      </LiveRegion>
      <LiveRegion name="story">
        <Story lang={lang} told={told} named />
      </LiveRegion>
    </div>,
  )
}

interface ConsignmentProps {
  readonly lang: Lang
  readonly places: DocumentPlaces
  readonly viewer: Viewer
  readonly consignment: Consignment
  /** In the order of the consignment, those not handed in among them. */
  readonly kinds: readonly string[]
  readonly told: readonly Told[]
}

/** Refused first, then what waits for somebody, then what is missing, then the list itself. */
const Next = (props: ConsignmentProps) => {
  const { lang, places, told } = props
  const urgent = mostUrgent(told.map(({ document }) => document))
  const missing = urgent === undefined ? (missingStep(props) ?? othersStep(props)) : undefined
  const about = urgent ?? told.at(-1)?.document
  if (missing !== undefined) return <NextCard lang={lang} step={missing} />
  if (about === undefined) return null
  return (
    <NextCard
      lang={lang}
      step={nextStepOf(places, standingOf(about))}
      about={`${kindShort(about.kind, lang)}：`}
    />
  )
}

const mostUrgent = (documents: readonly DocumentTold[]): DocumentTold | undefined =>
  documents.find(({ group }) => group === 'refused') ??
  documents.find(({ group }) => group === 'action-needed')

const missingStep = ({
  places,
  viewer,
  kinds,
  consignment: { documents, orderNo },
}: ConsignmentProps): NextStepTold | undefined => {
  const missing = kinds.filter((kind) => !documents.some((document) => document.kind === kind))
  if (missing.length === 0) return undefined
  const mine = missing.filter((kind) => ownsKind(viewer, kind))
  const names = (lang: Lang, kinds: readonly string[]): string =>
    listed(
      kinds.map((kind) => kindShort(kind, lang)),
      lang,
    )
  return {
    sentence:
      mine.length > 0
        ? {
            zh: `还缺${names('zh', mine)}，由本企业提交。`,
            en: `Still missing, and yours to hand in: ${names('en', mine)}.`,
          }
        : {
            zh: `等待其他企业提交：${names('zh', missing)}。`,
            en: `Other enterprises still have to hand in: ${names('en', missing)}.`,
          },
    acts: mine.map((kind) => ({
      href: formPath(places, kind, { orderNo }),
      name: {
        zh: fill(texts.handInKind.zh, { kind: kindShort(kind, 'zh') }),
        en: fill(texts.handInKind.en, { kind: kindShort(kind, 'en') }),
      },
      primary: true,
    })),
  }
}

/** One's own are in order, and a document of another enterprise is not: he has to act. */
const othersStep = ({ consignment: { documents } }: ConsignmentProps): NextStepTold | undefined => {
  const stuck = documents.find(
    ({ id, group }) => id === null && (group === 'refused' || group === 'action-needed'),
  )
  if (stuck === undefined) return undefined
  const { kind, state } = stuck
  return {
    sentence: {
      zh: `${kindShort(kind, 'zh')}：${stateName(state, 'zh')}，由提交它的企业处理；本企业无需操作。`,
      en: `${kindShort(kind, 'en')}: ${stateName(state, 'en')}. Whoever handed it in has to act; there is nothing for you to do.`,
    },
    acts: [],
  }
}

const FourDocuments = (props: ConsignmentProps) => (
  <section>
    <h2 class="visually-hidden">{say(texts.fourDocuments, props.lang)}</h2>
    <ul class="four-documents">
      {props.kinds.flatMap((kind) => {
        const there = props.consignment.documents.filter((each) => each.kind === kind)
        return there.length === 0
          ? [<MissingDocument {...props} kind={kind} />]
          : there.map((document) => <DocumentCard {...props} document={document} />)
      })}
    </ul>
  </section>
)

const DocumentCard = ({
  lang,
  places,
  told,
  document,
}: ConsignmentProps & { readonly document: Consignment['documents'][number] }) => {
  const { id, kind, state, group, accepted } = document
  const own = told.find((each) => each.document.id === id)?.document
  return (
    <li class="card document-card" data-group={group} data-live-id={id ?? undefined}>
      <h3>{kindShort(kind, lang)}</h3>
      <p>{isGroup(group) ? <StateBadge lang={lang} group={group} state={state} /> : state}</p>
      {id === null || own === undefined ? (
        <p class="note">{say(texts.ofAnother, lang)}</p>
      ) : (
        <>
          <p>
            <a class="row-link" href={documentPath(places, id)}>
              <code>{own.number}</code>
            </a>
          </p>
          <p class="note">
            {own.sender} · <Time iso={own.updatedAt} />
          </p>
        </>
      )}
      {accepted ? <p class="note accepted">✓ {say(texts.accepted, lang)}</p> : ''}
    </li>
  )
}

const MissingDocument = ({
  lang,
  places,
  viewer,
  consignment: { orderNo },
  kind,
}: ConsignmentProps & { readonly kind: string }) => (
  <li class="card document-card missing">
    <h3>{kindShort(kind, lang)}</h3>
    <p class="none">{say(texts.notHandedIn, lang)}</p>
    {ownsKind(viewer, kind) ? (
      <p>
        <a href={formPath(places, kind, { orderNo })}>
          {fill(say(texts.handInKind, lang), { kind: kindShort(kind, lang) })}
        </a>
      </p>
    ) : (
      ''
    )}
  </li>
)
