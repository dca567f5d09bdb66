/** Fields of forms: each with its label, its hint and its faults tied to it, for readers by ear too. */
import type { Child } from 'hono/jsx'
import { type Lang, say } from '../texts.ts'
import type { ToldFault } from './notices.tsx'
import { deskTexts as texts } from './texts.ts'

interface Common {
  readonly lang: Lang
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly required?: boolean
  /** Faults of this field; `faultsAt` finds them. */
  readonly faults?: readonly ToldFault[]
  /** Where one name stands twice on a page. */
  readonly id?: string
}

/** Faults at a place of what was sent, and below it. */
export const faultsAt = (faults: readonly ToldFault[], pointer: string): readonly ToldFault[] =>
  faults.filter((fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`))

export interface FieldProps extends Common {
  readonly type?:
    | ('text' | 'email' | 'password' | 'number' | 'search' | 'url')
    | ('date' | 'month' | 'datetime-local')
  readonly value?: string | undefined
  readonly autocomplete?: string
  readonly inputmode?: 'numeric' | 'decimal' | 'text'
  readonly maxlength?: number
  readonly min?: string
  readonly max?: string
  readonly pattern?: string
  /** Id of a `datalist` of suggestions. */
  readonly list?: string
  readonly autofocus?: boolean
  readonly placeholder?: string
}

export const Field = ({ lang, label, hint, faults, id, ...input }: FieldProps) => {
  const own = id ?? `f-${input.name}`
  return (
    <Around
      lang={lang}
      own={own}
      label={label}
      hint={hint}
      faults={faults}
      required={input.required}
    >
      <input
        id={own}
        {...input}
        type={input.type ?? 'text'}
        aria-invalid={isWrong(faults) ? 'true' : undefined}
        aria-describedby={describedBy(own, hint, faults)}
      />
    </Around>
  )
}

export interface TextAreaProps extends Common {
  readonly value?: string | undefined
  readonly rows?: number
  readonly maxlength?: number
}

export const TextArea = ({ lang, label, hint, faults, id, value, ...input }: TextAreaProps) => {
  const own = id ?? `f-${input.name}`
  return (
    <Around
      lang={lang}
      own={own}
      label={label}
      hint={hint}
      faults={faults}
      required={input.required}
    >
      <textarea
        id={own}
        {...input}
        rows={input.rows ?? 4}
        aria-invalid={isWrong(faults) ? 'true' : undefined}
        aria-describedby={describedBy(own, hint, faults)}
      >
        {value ?? ''}
      </textarea>
    </Around>
  )
}

export interface Choice {
  readonly value: string
  readonly name: string
}

export interface SelectProps extends Common {
  readonly value?: string | undefined
  readonly choices: readonly Choice[]
  /** First choice, with the value ''; such as all of them. */
  readonly none?: string
}

export const Select = ({
  lang,
  label,
  hint,
  faults,
  id,
  value,
  choices,
  none,
  ...rest
}: SelectProps) => {
  const own = id ?? `f-${rest.name}`
  return (
    <Around
      lang={lang}
      own={own}
      label={label}
      hint={hint}
      faults={faults}
      required={rest.required}
    >
      <select
        id={own}
        {...rest}
        aria-invalid={isWrong(faults) ? 'true' : undefined}
        aria-describedby={describedBy(own, hint, faults)}
      >
        {none === undefined ? '' : <option value="">{none}</option>}
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === value}>
            {choice.name}
          </option>
        ))}
      </select>
    </Around>
  )
}

export interface ChecksProps extends Common {
  readonly values: readonly string[]
  readonly choices: readonly Choice[]
  readonly type?: 'checkbox' | 'radio'
}

/** Several choices under one question. */
export const Checks = ({
  lang,
  name,
  label,
  hint,
  faults,
  values,
  choices,
  type,
  id,
}: ChecksProps) => {
  const own = id ?? `f-${name}`
  return (
    <fieldset class="checks" aria-describedby={describedBy(own, hint, faults)}>
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label>
          <input
            type={type ?? 'checkbox'}
            name={name}
            value={choice.value}
            checked={values.includes(choice.value)}
          />
          {choice.name}
        </label>
      ))}
      <Below lang={lang} own={own} hint={hint} faults={faults} />
    </fieldset>
  )
}

export interface CheckProps {
  readonly name: string
  readonly label: string
  readonly checked?: boolean
}

/** One box that says itself what it means; sends `yes`. */
export const Check = ({ name, label, checked = false }: CheckProps) => (
  <div class="checks">
    <label>
      <input type="checkbox" name={name} value="yes" checked={checked} />
      {label}
    </label>
  </div>
)

interface AroundProps {
  readonly lang: Lang
  readonly own: string
  readonly label: string
  readonly hint: string | undefined
  readonly faults: readonly ToldFault[] | undefined
  readonly required: boolean | undefined
  readonly children: Child
}

const Around = ({ lang, own, label, hint, faults, required, children }: AroundProps) => (
  <div class="field" data-wrong={isWrong(faults) ? '' : undefined}>
    <label for={own}>
      {label}
      {required === true ? <span class="required"> {say(texts.required, lang)}</span> : ''}
    </label>
    {children}
    <Below lang={lang} own={own} hint={hint} faults={faults} />
  </div>
)

const Below = ({
  lang,
  own,
  hint,
  faults = [],
}: Pick<AroundProps, 'lang' | 'own' | 'hint' | 'faults'>) => (
  <>
    {hint === undefined ? (
      ''
    ) : (
      <p class="hint" id={`${own}-hint`}>
        {hint}
      </p>
    )}
    {faults.length === 0 ? (
      ''
    ) : (
      <div class="field-faults" id={`${own}-faults`}>
        {faults.map(({ text, cure, code }) => (
          <p>
            {text[lang]}
            {say(texts.stop, lang)}
            {cure[lang]} <code>{code}</code>
          </p>
        ))}
      </div>
    )}
  </>
)

const isWrong = (faults: readonly ToldFault[] | undefined): boolean => (faults ?? []).length > 0

const describedBy = (
  own: string,
  hint: string | undefined,
  faults: readonly ToldFault[] | undefined,
): string | undefined => {
  const ids = [
    ...(hint === undefined ? [] : [`${own}-hint`]),
    ...(isWrong(faults) ? [`${own}-faults`] : []),
  ]
  return ids.length === 0 ? undefined : ids.join(' ')
}
