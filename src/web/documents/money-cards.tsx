/** What a list costs: its taxes as estimated and billed, and the year of its buyer. */
import { Facts, Money } from '../desk/parts.tsx'
import { fill, type Lang, say } from '../texts.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import type { BuyerQuota, DocumentTold } from './reading.ts'

export const TaxCard = ({
  lang,
  tax,
}: {
  readonly lang: Lang
  readonly tax: DocumentTold['tax']
}) => {
  const estimate = tax?.estimate
  return (
    <section class="card">
      <h2>{say(texts.tax, lang)}</h2>
      {estimate === undefined || estimate === null ? (
        <p class="note">{tax?.faults[0]?.text[lang] ?? say(texts.taxNone, lang)}</p>
      ) : (
        <>
          {estimate.admitted ? (
            ''
          ) : (
            <p class="cure">{estimate.text?.[lang] ?? say(texts.taxNotAdmitted, lang)}</p>
          )}
          <Facts
            facts={[
              { name: say(texts.taxEstimate, lang), value: <Money amount={estimate.total} /> },
              { name: say(texts.taxValue, lang), value: <Money amount={estimate.dutiableValue} /> },
              { name: say(texts.taxDuty, lang), value: <Money amount={estimate.duty} /> },
              {
                name: say(texts.taxConsumption, lang),
                value: <Money amount={estimate.consumptionTax} />,
              },
              { name: say(texts.taxVat, lang), value: <Money amount={estimate.vat} /> },
            ]}
          />
        </>
      )}
      <Billed lang={lang} variance={tax?.variance} />
    </section>
  )
}

const Billed = ({
  lang,
  variance,
}: {
  readonly lang: Lang
  readonly variance: NonNullable<DocumentTold['tax']>['variance'] | undefined
}) =>
  variance === undefined || variance === null ? null : (
    <Facts
      facts={[
        { name: say(texts.taxBilled, lang), value: <Money amount={variance.billed.total} /> },
        {
          name: say(texts.taxDifference, lang),
          value: <Money amount={variance.difference?.total} />,
        },
      ]}
    />
  )

export const QuotaCard = ({ lang, quota }: { readonly lang: Lang; readonly quota: BuyerQuota }) => (
  <section class="card">
    <h2>
      {say(texts.quota, lang)} · {fill(say(texts.quotaYear, lang), { year: String(quota.year) })}
    </h2>
    <Facts
      facts={[
        { name: say(texts.quotaLimit, lang), value: <Money amount={quota.limit} /> },
        { name: say(texts.quotaUsed, lang), value: <Money amount={quota.committed} /> },
        { name: say(texts.quotaReserved, lang), value: <Money amount={quota.reserved} /> },
        { name: say(texts.quotaLeft, lang), value: <Money amount={quota.left} /> },
      ]}
    />
    <p class="note">{quota.definition[lang]}</p>
  </section>
)
