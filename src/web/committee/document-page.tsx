/** One document behind a figure, as its desk shows it, personal values masked and nothing to be done to it. */
import { PageHead, StateBadge } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DocumentContent, FactsCard, ReasonCard } from '../documents/document-view.tsx'
import { TaxCard } from '../documents/money-cards.tsx'
import { kindShort } from '../documents/names.ts'
import { Story } from '../documents/story.tsx'
import { say } from '../texts.ts'
import type { CountedDocument } from './answers.ts'
import { TOTALS_PATH } from './totals-page.tsx'
import { totalsTexts as texts } from './totals-texts.ts'

export const countedDocumentPage = async ({ api, lang, param, viewer }: Ask): Promise<Shown> => {
  const id = encodeURIComponent(param('id'))
  const found = await api.get<CountedDocument>(`/api/v1/totals/documents/${id}`)
  if (found.kind === 'problem') return found
  const { document, entries } = found.value
  const title = `${kindShort(document.kind, lang)} ${document.number}`
  return content(
    title,
    <>
      <PageHead
        title={title}
        note={<StateBadge lang={lang} group={document.group} state={document.state} />}
      >
        <a class="button" href={TOTALS_PATH}>
          {say(texts.back, lang)}
        </a>
        {viewer.kind === 'operator' ? (
          <a class="button" href={`/search?q=${encodeURIComponent(document.number)}`}>
            {say(texts.whole, lang)}
          </a>
        ) : (
          ''
        )}
      </PageHead>
      <div class="side-by-side">
        <FactsCard lang={lang} document={document} />
        <ReasonCard lang={lang} document={document} />
        {document.tax === undefined ? '' : <TaxCard lang={lang} tax={document.tax} />}
      </div>
      <Story lang={lang} told={[{ document, steps: entries }]} />
      <DocumentContent lang={lang} document={document} />
    </>,
  )
}
