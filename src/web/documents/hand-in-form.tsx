/** The form of documents, made from the catalogue: of one kind, or of several that share what they say. */
import { mostOf } from '../../codec/rule.ts'
import type { FieldShape } from '../../codec/shape.ts'
import type { Text } from '../../kernel/fault.ts'
import { Field, Select } from '../desk/fields.tsx'
import { FaultList, type ToldFault } from '../desk/notices.tsx'
import { PageHead } from '../desk/parts.tsx'
import { fill, type Lang, say } from '../texts.ts'
import { FORM_LINES_MAX } from './document-limits.ts'
import {
  type FormBlock,
  type FormField,
  type FormPart,
  type FormValues,
  inputOfPointer,
  isRequired,
  pointerOfInput,
  shownLines,
  shownPointers,
  suggestedLists,
} from './form-model.ts'
import { formTexts as texts } from './form-texts.ts'
import { fieldName, shownValue } from './names.ts'

export interface HandInFormProps {
  readonly lang: Lang
  readonly parts: readonly FormPart[]
  readonly action: string
  readonly title: string
  readonly note?: Text
  readonly values: FormValues
  /** Sent along: guid, appTime, and the document it corrects. */
  readonly hidden: FormValues
  /** Values of the document that is corrected; personal ones are shown masked and kept. */
  readonly kept?: FormValues
  /** Kinds that somebody else hands in. */
  readonly left?: readonly string[]
  /** At the places of inputs; all are told above the form, with links to them. */
  readonly faults: readonly ToldFault[]
  readonly checked: boolean
}

export const HandInForm = (props: HandInFormProps) => {
  const { lang, parts, action, title, note, hidden } = props
  return (
    <>
      <PageHead title={title} note={say(note ?? texts.note, lang)} />
      <Verdict {...props} />
      <form class="hand-in" action={action} method="post" novalidate>
        {/* The first button is the one that Enter presses: looking is harmless. */}
        <button type="submit" name="act" value="check" class="visually-hidden" tabindex={-1}>
          {say(texts.check, lang)}
        </button>
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {parts.map((part) => (
          <Part {...props} part={part} />
        ))}
        <p class="acts hand-in-acts">
          <button type="submit" name="act" value="check">
            {say(texts.check, lang)}
          </button>
          <button type="submit" name="act" value="hand-in" class="primary">
            {say(texts.handIn, lang)}
          </button>
        </p>
        {suggestedLists(parts).map(({ id, list }) => (
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

const Verdict = ({ lang, faults, checked, parts, values }: HandInFormProps) => {
  if (!checked) return null
  const errors = faults.filter(({ severity }) => severity !== 'warning')
  const shown = shownPointers(parts, values)
  const words = errors.length > 0 ? texts.faulty : faults.length > 0 ? texts.warned : texts.sound
  return (
    <section class="card notice checked" data-errors={errors.length} role="status">
      <h2>{fill(say(words, lang), { count: String(errors.length) })}</h2>
      <FaultList
        lang={lang}
        faults={faults}
        hrefOf={(pointer) =>
          shown.has(pointer) ? `#${idOfInput(inputOfPointer(pointer))}` : undefined
        }
      />
    </section>
  )
}

const idOfInput = (name: string): string => `f-${name.replaceAll('.', '-')}`

type PartProps = HandInFormProps & { readonly part: FormPart }

const Part = (props: PartProps) => {
  const { lang, part, values } = props
  const count = shownLines(part, values)
  return (
    <fieldset class="card form-group">
      <legend>{say(part.title, lang)}</legend>
      <LeaveOut {...props} />
      {part.single ? (
        <Blocks {...props} line={0} />
      ) : (
        Array.from({ length: count }, (_, line) => (
          <fieldset class="form-line">
            <legend>{fill(say(texts.line, lang), { line: String(line + 1) })}</legend>
            <Blocks {...props} line={line} />
          </fieldset>
        ))
      )}
      {!part.single && count < Math.min(FORM_LINES_MAX, part.max) ? (
        <p class="acts">
          <button type="submit" name="act" value={`add:${part.name}`}>
            {say(texts.addLine, lang)}
          </button>
        </p>
      ) : (
        ''
      )}
    </fieldset>
  )
}

/** What is left out is hidden by the style alone, so that it works without script as well. */
const LeaveOut = ({ lang, part, left = [] }: PartProps) =>
  part.kind === undefined ? null : (
    <label class="leave-out">
      <input
        type="checkbox"
        name="leave"
        value={part.kind}
        checked={left.includes(part.kind)}
        data-leaves={part.blocks[0]?.of}
      />
      {say(texts.leave, lang)}
    </label>
  )

const Blocks = (props: PartProps & { readonly line: number }) => (
  <>
    {props.part.blocks.map((block) => (
      <Block {...props} block={block} />
    ))}
  </>
)

type BlockProps = HandInFormProps & { readonly block: FormBlock; readonly line: number }

/** Required fields first; optional ones are folded unless one of them says something. */
const Block = (props: BlockProps) => {
  const { lang, block, line, values, faults } = props
  const needed = block.fields.filter(({ shape }) => isNeeded(shape))
  const optional = block.fields.filter(({ shape }) => !isNeeded(shape))
  const isUsed = optional.some(({ input }) => {
    const name = input(line)
    return (
      (values[name] ?? '') !== '' || faults.some(({ pointer }) => pointer === pointerOfInput(name))
    )
  })
  return (
    <div data-of={block.of}>
      {block.title === undefined ? '' : <p class="form-of">{say(block.title, lang)}</p>}
      <div class="form-grid">
        {needed.map((field) => (
          <Input {...props} field={field} />
        ))}
      </div>
      {optional.length === 0 ? (
        ''
      ) : (
        <details open={isUsed}>
          <summary>{fill(say(texts.optional, lang), { count: String(optional.length) })}</summary>
          <div class="form-grid">
            {optional.map((field) => (
              <Input {...props} field={field} />
            ))}
          </div>
        </details>
      )}
    </div>
  )
}

/** Fields asked for in some cases stand with the required ones, so that nobody has to look for them. */
const isNeeded = (shape: FieldShape): boolean =>
  isRequired(shape) || shape.field.requiredWhen !== undefined

const Input = (props: BlockProps & { readonly field: FormField }) => {
  const { lang, line, values, faults, kept } = props
  const { shape } = props.field
  const { name, field } = shape
  const input = props.field.input(line)
  const keptValue = field.sensitive === true ? kept?.[input] : undefined
  const common = {
    lang,
    name: input,
    id: idOfInput(input),
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
