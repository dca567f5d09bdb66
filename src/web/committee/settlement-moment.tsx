/** The moment that pages of settlement are told for, as their address names it, and how to keep to one. */
import { type Lang, say } from '../texts.ts'
import { AsOf } from './parts.tsx'
import { momentOf, pageAddress } from './slices.ts'
import { totalsTexts } from './totals-texts.ts'

/** Undefined where the address names none: as of now. */
export const askedMoment = ({ asOf }: Readonly<Record<string, string>>): string | undefined => {
  const value = asOf?.trim() ?? ''
  return value === '' ? undefined : momentOf(value)
}

interface Props {
  readonly lang: Lang
  readonly told: { readonly asOf: string; readonly provisional: boolean }
  readonly path: string
  /** Of the address, without the moment. */
  readonly query: Readonly<Record<string, string | undefined>>
}

export const Moment = ({ lang, told, path, query }: Props) => (
  <p class="as-of">
    <AsOf lang={lang} moment={told} />{' '}
    {told.provisional ? (
      <a href={pageAddress(path, { ...query, asOf: told.asOf })}>{say(totalsTexts.pin, lang)}</a>
    ) : (
      say(totalsTexts.pinned, lang)
    )}
  </p>
)
