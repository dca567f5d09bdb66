/** What lies in a zone's bonded books, and of the undecided lists, why they are. */

import { DataTable } from '../desk/table.tsx'
import { exactAmount, wholeCount } from '../figures.ts'
import { scopeNames } from '../target-words.ts'
import { inBrackets, type Lang, say } from '../texts.ts'
import type { ZoneView } from './answers.ts'
import { Card, Opens, Pairs } from './parts.tsx'
import { pageOfLink } from './slices.ts'
import { totalsTexts } from './totals-texts.ts'
import { zoneTexts as texts } from './zone-texts.ts'

interface Props {
  readonly lang: Lang
  readonly zone: ZoneView
}

export const StockCard = ({ lang, zone }: Props) => {
  const { stock } = zone
  return stock === null ? null : (
    <Card name={say(texts.stock, lang)}>
      {stock.units.length === 0 ? (
        <p>{say(texts.noStock, lang)}</p>
      ) : (
        <Pairs
          pairs={stock.units.map(({ name, stock: inStock, reserved, items }) => [
            `${name[lang]} · ${wholeCount(items)} ${say(texts.items, lang)}`,
            `${exactAmount(inStock)}${inBrackets(`${say(texts.reserved, lang)} ${exactAmount(reserved)}`, lang)}`,
          ])}
        />
      )}
      <p class="note">{stock.missing[lang]}</p>
      <Unopened lang={lang} zone={zone} figure="stock" />
    </Card>
  )
}

/** Why figures do not open. */
export const Unopened = ({
  lang,
  zone: { unopened },
  figure,
}: Props & { readonly figure: string }) => (
  <>
    {unopened
      .filter((one) => one.figure === figure)
      .map((why) => (
        <p class="note">{why[lang]}</p>
      ))}
  </>
)

export const UndecidedCard = ({ lang, zone: { undecided } }: Props) =>
  undecided === null ? null : (
    <>
      <DataTable
        lang={lang}
        caption={say(texts.undecided, lang)}
        rows={undecided.counts.flatMap(({ scope, reasons }) =>
          reasons.map((reason) => ({ scope, ...reason })),
        )}
        columns={[
          { name: say(texts.reason, lang), cell: ({ name }) => name[lang] },
          {
            name: say(totalsTexts.scope, lang),
            cell: ({ scope }) => scopeNames[scope]?.[lang] ?? scope,
          },
          {
            name: say(texts.count, lang),
            kind: 'number',
            cell: ({ count, links }) => (
              <Opens href={pageOfLink(links.documents)}>{wholeCount(count)}</Opens>
            ),
          },
        ]}
      />
      <p class="note">{say(texts.placeAnew, lang)}</p>
    </>
  )
