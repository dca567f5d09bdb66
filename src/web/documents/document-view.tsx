/** One document: where it stands and why, what comes next, its story, its content and its versions. */
import type { z } from 'zod'
import { getDeclaration, notices } from '../../catalogue/index.ts'
import type { versionList } from '../../http/rejection-schemas.ts'
import { Code, Facts, LiveRegion, PageHead, StateBadge, Time } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { fill, type Lang, listed, say } from '../texts.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import { TaxCard } from './money-cards.tsx'
import { fieldName, groupName, kindShort, type ShownField, shownGroups } from './names.ts'
import { NextCard, standingOf } from './next-card.tsx'
import { nextStepOf } from './next-step.ts'
import { consignmentPath, type DocumentPlaces, documentPath } from './places.ts'
import { contentOf, type DocumentTold, readTold } from './reading.ts'
import { Stages } from './stages.tsx'
import { Story } from './story.tsx'
import { VersionsTable } from './versions-view.tsx'

/** `GET base/documents/:id`, as a page. */
export const documentPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { api, lang, t, param } = ask
  const id = param('id')
  const [told, versions] = await Promise.all([
    readTold(api, id),
    api.get<z.infer<typeof versionList>>(`/api/v1/documents/${encodeURIComponent(id)}/versions`),
  ])
  if (told.kind === 'problem') return told
  const { document } = told.value
  const title = fill(t(texts.of), { kind: kindShort(document.kind, lang), number: document.number })
  return content(
    title,
    <div data-live-id={document.id} data-live-version={document.version}>
      <LiveRegion name="head">
        <PageHead
          title={title}
          note={<StateBadge lang={lang} group={document.group} state={document.state} />}
        >
          {document.orderNo === null ? (
            ''
          ) : (
            <a class="button" href={consignmentPath(places, document.orderNo)}>
              {fill(t(texts.consignment), { number: document.orderNo })}
            </a>
          )}
          {places.readOnly === true ? (
            ''
          ) : (
            <a class="button" href={`${documentPath(places, document.id)}/message`}>
              {t(texts.message)}
            </a>
          )}
        </PageHead>
        <NextCard lang={lang} step={nextStepOf(places, standingOf(document))} />
      </LiveRegion>
      <LiveRegion name="facts">
        <div class="side-by-side">
          <FactsCard lang={lang} document={document} />
          <ReasonCard lang={lang} document={document} />
          <QueueCard lang={lang} document={document} />
          {document.tax === undefined ? '' : <TaxCard lang={lang} tax={document.tax} />}
          <Notices lang={lang} document={document} />
          <Related lang={lang} places={places} document={document} />
        </div>
      </LiveRegion>
      <LiveRegion name="story">
        <Story lang={lang} told={[told.value]} />
      </LiveRegion>
      <LiveRegion name="stages">
        <Stages lang={lang} stages={document.stages} />
      </LiveRegion>
      <LiveRegion name="versions">
        <VersionsTable
          lang={lang}
          places={places}
          id={document.id}
          versions={versions.kind === 'ok' ? versions.value.versions : []}
        />
      </LiveRegion>
      <LiveRegion name="content">
        <DocumentContent lang={lang} document={document} />
      </LiveRegion>
    </div>,
  )
}

interface Props {
  readonly lang: Lang
  readonly document: DocumentTold
}

export const FactsCard = ({ lang, document }: Props) => (
  <section class="card">
    <h2>{say(texts.facts, lang)}</h2>
    <Facts
      facts={[
        { name: say(texts.sender, lang), value: document.sender },
        {
          name: say(texts.handedInBy, lang),
          value:
            document.handedIn.mandate === null
              ? document.sender
              : `${document.handedIn.mandate.agentName} ${say(texts.underMandate, lang)}`,
        },
        { name: say(texts.version, lang), value: String(document.version) },
        { name: say(texts.createdAt, lang), value: <Time iso={document.createdAt} /> },
        { name: say(texts.changed, lang), value: <Time iso={document.updatedAt} /> },
        ...Object.entries(document.customsNumbers).map(([name, number]) => ({
          name: labelOf(document.kind, name, lang),
          value: <Code lang={lang} text={number} />,
        })),
        { name: say(texts.guid, lang), value: <Code lang={lang} text={document.guid} /> },
      ]}
    />
  </section>
)

/** Numbers come with replies under names of the document, or with notices under names of their own. */
const labelOf = (kind: string, name: string, lang: Lang): string => {
  const giving = notices.filter(({ about, gives }) => about.kind === kind && gives.includes(name))
  const fields = [getDeclaration(kind), ...giving].flatMap(({ body }) =>
    'fields' in body ? [body.fields] : Object.values(body.groups).map((group) => group.fields),
  )
  const zh = fields.map((each) => each[name]?.zh).find((label) => label !== undefined)
  return zh === undefined ? name : fieldName(zh, name, lang)
}

export const ReasonCard = ({ lang, document: { reason } }: Props) =>
  reason === null ? null : (
    <section class="card reason">
      <h2>{say(texts.reason, lang)}</h2>
      <p>
        <strong>{reason[lang]}</strong> <code>{reason.returnStatus}</code>
      </p>
      {reason.info === null || reason.info === '' ? (
        ''
      ) : (
        <p>
          <q class="official">{reason.info}</q>
        </p>
      )}
      {reason.results.length === 0 ? (
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
      <Facts
        facts={[
          { name: say(texts.cause, lang), value: reason.cause[lang] },
          {
            name: say(texts.whoActs, lang),
            value: listed(
              reason.actors.map((actor) => actor[lang]),
              lang,
            ),
          },
          { name: say(texts.cure, lang), value: reason.cure[lang] },
        ]}
      />
    </section>
  )

const QueueCard = ({ lang, document: { queue } }: Props) =>
  queue === null ? null : (
    <section class="card">
      <h2>{say(texts.queue, lang)}</h2>
      <p>
        {queue[lang]} · <Time iso={queue.since} />
      </p>
      <p>
        {fill(say(queue.aheadMore ? texts.queueAheadMore : texts.queueAhead, lang), {
          count: String(queue.ahead),
        })}
      </p>
      {queue.waitsFor.length === 0 ? (
        ''
      ) : (
        <ul>
          {queue.waitsFor.map((wait) => (
            <li>
              {say(texts.waitsFor, lang)}：{kindShort(wait.kind, lang)}{' '}
              {say(wait.there ? texts.there : texts.notHandedIn, lang)}
            </li>
          ))}
        </ul>
      )}
    </section>
  )

const Notices = ({ lang, document: { notices } }: Props) =>
  notices.length === 0 ? null : (
    <section class="card">
      <h2>{say(texts.notices, lang)}</h2>
      <ul class="plain-list">
        {notices.map((notice) => (
          <li>
            {notice.name[lang]} <code>{notice.number}</code> {notice[lang]}{' '}
            <span class="note">{notice.time}</span>
          </li>
        ))}
      </ul>
    </section>
  )

const Related = ({
  lang,
  places,
  document: { related },
}: Props & { readonly places: DocumentPlaces }) =>
  related.length === 0 ? null : (
    <section class="card">
      <h2>{say(texts.related, lang)}</h2>
      <ul class="plain-list">
        {related.map(({ id, kind, number, group, state }) => (
          <li>
            <a href={documentPath(places, id)}>
              {kindShort(kind, lang)} <code>{number}</code>
            </a>{' '}
            <StateBadge lang={lang} group={group} state={state} />
          </li>
        ))}
      </ul>
    </section>
  )

export const DocumentContent = ({ lang, document }: Props) => (
  <section class="card document-content">
    <h2>{say(texts.content, lang)}</h2>
    <p class="note">{say(texts.contentMasked, lang)}</p>
    {shownGroups(getDeclaration(document.kind), contentOf(document)).map((group) => (
      <>
        <h3>{groupName(group.zh, group.name, lang)}</h3>
        {group.records.map((record, index) =>
          group.records.length === 1 ? (
            <Fields lang={lang} fields={record} />
          ) : (
            <details>
              <summary>
                {fill(say(texts.line, lang), { line: String(index + 1) })} {nameOfLine(record)}
              </summary>
              <Fields lang={lang} fields={record} />
            </details>
          ),
        )}
        {group.more === 0 ? (
          ''
        ) : (
          <p class="note">{fill(say(texts.linesMore, lang), { count: String(group.more) })}</p>
        )}
      </>
    ))}
  </section>
)

const Fields = ({
  lang,
  fields,
}: {
  readonly lang: Lang
  readonly fields: readonly ShownField[]
}) => (
  <dl class="field-values">
    {fields.map(({ name, zh, value }) => (
      <div>
        <dt>{fieldName(zh, name, lang)}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

/** Goods go by a name of their own in every group of lines that has one. */
const nameOfLine = (fields: readonly ShownField[]): string =>
  fields.find(({ name }) => name === 'itemName' || name === 'gname')?.value ?? ''
