/** The form of any kind of document, made from its catalogue entry. */
import type { Declaration } from '../../catalogue/message.ts'
import { mostOf } from '../../codec/rule.ts'
import { type FieldShape, type GroupShape, shapeOf } from '../../codec/shape.ts'
import { Field, Select } from '../desk/fields.tsx'
import { FaultList, type ToldFault } from '../desk/notices.tsx'
import { PageHead } from '../desk/parts.tsx'
import { fill, type Lang, say } from '../texts.ts'
import { FORM_LINES_MAX } from './document-limits.ts'
import {
  askedFields,
  type FormValues,
  inputName,
  isRequired,
  lineCount,
  pointerOfInput,
  suggestedLists,
} from './form-model.ts'
import { formTexts as texts } from './form-texts.ts'
import { fieldName, groupName, shownValue } from './names.ts'

export interface HandInFormProps {
  readonly lang: Lang
  readonly entry: Declaration
  readonly action: string
  readonly title: string
  readonly values: FormValues
  /** Sent along: guid, appTime, and the document it corrects. */
  readonly hidden: FormValues
  /** Values of the document that is corrected; personal ones are shown masked and kept. */
  readonly kept?: FormValues
  readonly faults: readonly ToldFault[]
  readonly checked: boolean
}

export const HandInForm = (props: HandInFormProps) => {
  const { lang, entry, action, title, hidden } = props
  const lists = suggestedLists(entry)
  return (
    <>
      <PageHead title={title} note={say(texts.note, lang)} />
      <Verdict {...props} />
      <form class="hand-in" action={action} method="post" novalidate>
        {/* The first button is the one that Enter presses: looking is harmless. */}
        <button type="submit" name="act" value="check" class="visually-hidden" tabindex={-1}>
          {say(texts.check, lang)}
        </button>
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {shapeOf(entry).groups.map((group) => (
          <GroupFields {...props} group={group} />
        ))}
        <p class="acts hand-in-acts">
          <button type="submit" name="act" value="check">
            {say(texts.check, lang)}
          </button>
          <button type="submit" name="act" value="hand-in" class="primary">
            {say(texts.handIn, lang)}
          </button>
        </p>
        {lists.map(({ id, list }) => (
          <datalist id={`codes-${id}`}>
            {list.rows.map(({ code, zh }) => (
              <option value={code}>{zh}</option>
            ))}
          </datalist>
        ))}
      </form>
    </>
  )
}

const Verdict = ({ lang, faults, checked, entry }: HandInFormProps) => {
  if (!checked) return null
  const errors = faults.filter(({ severity }) => severity !== 'warning')
  const elsewhere = faults.filter(({ pointer }) => !isAtField(entry, pointer))
  const words = errors.length > 0 ? texts.faulty : faults.length > 0 ? texts.warned : texts.sound
  return (
    <section class="card notice checked" data-errors={errors.length} role="status">
      <h2>{fill(say(words, lang), { count: String(errors.length) })}</h2>
      <FaultList lang={lang} faults={elsewhere} />
    </section>
  )
}

const isAtField = (entry: Declaration, pointer: string): boolean => {
  const [first, ...rest] = pointer.split('/').slice(1)
  const { byName, flat, head } = shapeOf(entry)
  const group = flat ? head : byName.get(first ?? '')
  const name = flat ? first : rest.at(-1)
  return group !== undefined && askedFields(entry, group).some((field) => field.name === name)
}

const GroupFields = (props: HandInFormProps & { readonly group: GroupShape }) => {
  const { lang, group, values } = props
  if (group.single)
    return (
      <fieldset class="card form-group">
        <legend>{groupName(group.zh, group.name ?? '', lang)}</legend>
        <Inputs {...props} line={0} />
      </fieldset>
    )
  const count = Math.min(FORM_LINES_MAX, group.max, Math.max(1, lineCount(group, values)))
  return (
    <fieldset class="card form-group">
      <legend>{groupName(group.zh, group.name ?? '', lang)}</legend>
      {Array.from({ length: count }, (_, line) => (
        <fieldset class="form-line">
          <legend>{fill(say(texts.line, lang), { line: String(line + 1) })}</legend>
          <Inputs {...props} line={line} />
        </fieldset>
      ))}
      {count < Math.min(FORM_LINES_MAX, group.max) ? (
        <p class="acts">
          <button type="submit" name="act" value={`add:${group.name ?? ''}`}>
            {say(texts.addLine, lang)}
          </button>
        </p>
      ) : (
        ''
      )}
    </fieldset>
  )
}

type InputsProps = HandInFormProps & { readonly group: GroupShape; readonly line: number }

/** Required fields first; optional ones are folded unless one of them says something. */
const Inputs = (props: InputsProps) => {
  const { lang, entry, group, line, values, faults } = props
  const fields = askedFields(entry, group)
  const needed = fields.filter((shape) => isNeeded(shape))
  const optional = fields.filter((shape) => !isNeeded(shape))
  const isUsed = optional.some(({ name }) => {
    const input = inputName(group, name, line)
    return (
      (values[input] ?? '') !== '' ||
      faults.some(({ pointer }) => pointer === pointerOfInput(input))
    )
  })
  return (
    <>
      <div class="form-grid">
        {needed.map((shape) => (
          <Input {...props} shape={shape} />
        ))}
      </div>
      {optional.length === 0 ? (
        ''
      ) : (
        <details open={isUsed}>
          <summary>{fill(say(texts.optional, lang), { count: String(optional.length) })}</summary>
          <div class="form-grid">
            {optional.map((shape) => (
              <Input {...props} shape={shape} />
            ))}
          </div>
        </details>
      )}
    </>
  )
}

/** Fields asked for in some cases stand with the required ones, so that nobody has to look for them. */
const isNeeded = (shape: FieldShape): boolean =>
  isRequired(shape) || shape.field.requiredWhen !== undefined

const Input = (props: InputsProps & { readonly shape: FieldShape }) => {
  const { lang, group, line, shape, values, faults, kept } = props
  const { name, field } = shape
  const input = inputName(group, name, line)
  const keptValue = field.sensitive === true ? kept?.[input] : undefined
  const common = {
    lang,
    name: input,
    id: `f-${input.replaceAll('.', '-')}`,
    label: fieldName(field.zh, name, lang),
    required: isRequired(shape) && keptValue === undefined,
    faults: faults.filter(({ pointer }) => pointer === pointerOfInput(input)),
    value: values[input],
  }
  const choices = Object.entries(field.values ?? {})
  if (choices.length > 0 || field.fixed !== undefined)
    return (
      <Select
        {...common}
        none={say(texts.choose, lang)}
        choices={
          choices.length > 0
            ? choices.map(([value, zh]) => ({ value, name: `${value} ${zh}` }))
            : [{ value: field.fixed ?? '', name: field.fixed ?? '' }]
        }
      />
    )
  const hint =
    keptValue === undefined
      ? hintOf(shape, lang)
      : fill(say(texts.keep, lang), { value: shownValue(keptValue, true) })
  const most = mostOf(field)
  return (
    <Field
      {...common}
      {...(hint === undefined ? {} : { hint })}
      {...(field.kind === 'text' ? {} : { inputmode: 'decimal' as const })}
      {...(field.list === undefined ? {} : { list: `codes-${field.list}` })}
      {...(field.kind === 'text' && most !== undefined ? { maxlength: most } : {})}
      autocomplete="off"
    />
  )
}

const hintOf = ({ field }: FieldShape, lang: Lang): string | undefined => {
  if (field.moment === 8) return say(texts.moment8, lang)
  if (field.moment === 14) return say(texts.moment14, lang)
  if (field.kind !== 'text') return say(texts.number, lang)
  if (field.length !== undefined) return fill(say(texts.exact, lang), { max: String(field.length) })
  const most = mostOf(field)
  return most === undefined ? undefined : fill(say(texts.length, lang), { max: String(most) })
}
