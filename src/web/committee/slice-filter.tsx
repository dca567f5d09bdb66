/** The filter of a figure, and what of it is chosen, each part to be dropped by a link. */
import { type CountedSet, countedSets } from '../../catalogue/counted-sets.ts'
import { roleNames } from '../../catalogue/roles.ts'
import { zones } from '../../catalogue/zones/index.ts'
import { UNDECIDED_PATH } from '../../flow/zone-links.ts'
import { localDateTime } from '../../kernel/clock.ts'
import { codeText } from '../desk/code-names.ts'
import { Field, Select } from '../desk/fields.tsx'
import { FilterForm } from '../desk/table.tsx'
import { scopeNames } from '../target-words.ts'
import { fill, type Lang, say } from '../texts.ts'
import { monthText, pageAddress, type Slice, type SliceName, sliceNames } from './slices.ts'
import { directionNames, totalsTexts as texts } from './totals-texts.ts'

/** Trade modes of cross-border e-commerce; any other is asked for in the address. */
const MODES = ['1210', '9610', '1239', '9710', '9810'] as const
const ROLES = ['merchant', 'platform', 'declarant', 'carrier', 'warehouse'] as const

interface Props {
  readonly lang: Lang
  readonly path: string
  readonly slice: Slice
  readonly keep: Readonly<Record<string, string>>
}

export const SliceFilter = ({
  lang,
  path,
  slice,
  keep,
  isByRole,
}: Props & { readonly isByRole: boolean }) => {
  const t = (name: keyof typeof texts): string => say(texts[name], lang)
  const field = (name: SliceName & keyof typeof texts, hint?: keyof typeof texts) => (
    <Field
      lang={lang}
      name={name}
      label={t(name)}
      value={slice[name]}
      maxlength={30}
      {...(hint === undefined ? {} : { placeholder: t(hint) })}
    />
  )
  return (
    <FilterForm lang={lang} path={path} keep={keep}>
      <Select
        lang={lang}
        name="scope"
        label={t('scope')}
        value={slice.scope ?? 'released'}
        choices={Object.entries(scopeNames).map(([value, text]) => ({ value, name: text[lang] }))}
      />
      {field('year')}
      <Field
        lang={lang}
        type="month"
        name="month"
        label={t('month')}
        value={slice.month === undefined ? undefined : monthText(slice.month)}
      />
      <Select
        lang={lang}
        name="zone"
        label={t('zone')}
        none={t('all')}
        value={chosenOf(slice.zone)}
        choices={[
          ...zones.map((zone) => ({ value: zone.code, name: zone[lang] })),
          { value: UNDECIDED_PATH, name: t('undecided') },
        ]}
      />
      <Select
        lang={lang}
        name="mode"
        label={t('mode')}
        none={t('all')}
        value={chosenOf(slice.mode)}
        choices={MODES.map((mode) => ({ value: mode, name: codeText('tradeMode', mode, lang) }))}
      />
      <Select
        lang={lang}
        name="direction"
        label={t('direction')}
        none={t('all')}
        value={slice.direction}
        choices={Object.entries(directionNames).map(([value, text]) => ({
          value,
          name: text[lang],
        }))}
      />
      {field('country', 'countryHint')}
      {field('chapter', 'chapterHint')}
      {field('enterprise')}
      {slice.institution === undefined ? '' : field('institution')}
      {isByRole || slice.enterprise !== undefined ? (
        <Select
          lang={lang}
          name="role"
          label={t('role')}
          value={slice.role ?? 'merchant'}
          choices={ROLES.map((value) => ({ value, name: roleNames[value][lang] }))}
        />
      ) : (
        ''
      )}
      <Field
        lang={lang}
        type="datetime-local"
        name="asOf"
        label={t('asOf')}
        value={localOf(slice.asOf)}
        hint={t('asOfHint')}
      />
    </FilterForm>
  )
}

const chosenOf = (value: string | undefined): string | undefined =>
  value === '' ? UNDECIDED_PATH : value

/** As the field for day and hour wants it; what is no moment is left out. */
export const localOf = (asOf: string | undefined): string | undefined => {
  const at = asOf === undefined ? Number.NaN : Date.parse(asOf)
  return Number.isNaN(at) ? undefined : localDateTime(new Date(at)).slice(0, 16)
}

/** What is chosen beside scope and time. */
export const Chips = ({ lang, path, slice, keep }: Props) => {
  const chosen = sliceNames.filter(
    (name) => name !== 'scope' && name !== 'role' && slice[name] !== undefined,
  )
  if (chosen.length === 0) return null
  return (
    <ul class="chips" aria-label={say(texts.chosen, lang)}>
      {chosen.map((name) => (
        <li>
          <a
            href={pageAddress(path, { ...slice, ...keep, [name]: undefined })}
            aria-label={`${fill(say(texts.drop, lang), { name: say(texts[name], lang) })} ${chipText(name, slice, lang)}`}
          >
            {say(texts[name], lang)} <b>{chipText(name, slice, lang)}</b>{' '}
            <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
    </ul>
  )
}

const isSet = (name: string): name is CountedSet => name in countedSets

const chipText = (name: SliceName, slice: Slice, lang: Lang): string => {
  const value = slice[name] ?? ''
  if (value === '') return say(texts.undecided, lang)
  if (name === 'zone') return zones.find(({ code }) => code === value)?.[lang] ?? value
  if (name === 'direction') return directionNames[value]?.[lang] ?? value
  if (name === 'month') return monthText(value)
  if (name === 'only') return isSet(value) ? countedSets[value][lang] : value
  return name === 'asOf' ? (localOf(value)?.replace('T', ' ') ?? value) : value
}
