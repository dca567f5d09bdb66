/**
 * A message's document as a zod schema, for the OpenAPI description: names, lengths, digits, values
 * and examples as the catalogue has them. It describes; `checkDocument` judges, because zod cannot
 * count characters as XSD does, nor tell its faults in Chinese with a cure.
 */
import { z } from 'zod'
import type { Field } from '../catalogue/field.ts'
import type { Entry } from '../catalogue/message.ts'
import { formatOf, type GroupRule, leastOf, mostOf, rulesOf } from './rule.ts'
import { type GroupShape, shapeOf } from './shape.ts'

/** Not remembered: the schemas of all kinds weigh some megabytes, and are asked for once or never. */
export const zodOf = (entry: Entry): z.ZodObject => {
  const shape = shapeOf(entry)
  const object = shape.flat
    ? recordSchema(shape.head)
    : z.strictObject(
        Object.fromEntries(
          rulesOf(entry).groups.map((group) => [group.shape.name ?? '', groupSchema(group)]),
        ),
      )
  return object.meta({ title: entry.code, description: `${entry.zh} · ${entry.en}` })
}

const groupSchema = ({ shape: group, linesMax }: GroupRule): z.ZodType => {
  const record = recordSchema(group).meta({ description: group.zh })
  if (group.single) return group.min === 0 ? record.optional() : record
  const list = z.array(record).min(group.min)
  const bounded = Number.isFinite(linesMax) ? list.max(linesMax) : list
  return group.min === 0 ? bounded.optional() : bounded
}

const recordSchema = (group: GroupShape): z.ZodObject =>
  z.strictObject(
    Object.fromEntries(group.fields.map(({ name, field }) => [name, fieldSchema(field)])),
  )

const fieldSchema = (field: Field): z.ZodType => {
  const schema = valueSchema(field).meta({
    description: description(field),
    example: example(field),
  })
  // What only the text requires is required of whoever sends.
  return field.required || field.textRequires === true ? schema : schema.optional()
}

const description = (field: Field): string => {
  const { zh, en } = formatOf(field)
  return [field.zh, zh, en, ...(field.note === undefined ? [] : [field.note])].join(' · ')
}

const valueSchema = (field: Field): z.ZodType => {
  if (field.fixed !== undefined) return z.literal(field.fixed)
  if (field.values !== undefined) return z.enum(Object.keys(field.values))
  if (field.kind === 'int') return z.string().regex(integerPattern(field))
  if (field.kind === 'decimal') return z.string().regex(decimalPattern(field))
  if (field.moment !== undefined) return z.string().regex(new RegExp(`^\\d{${field.moment}}$`))
  if (field.length !== undefined) return z.string().length(field.length)
  const bounded = z.string().min(field.required ? Math.max(1, leastOf(field)) : leastOf(field))
  const most = mostOf(field)
  return most === undefined ? bounded : bounded.max(most)
}

/** A least number is left to the check, save that it rules out a sign. */
const integerPattern = ({ digits = 10, least = -1 }: Field): RegExp =>
  new RegExp(`^${least < 0 ? '-?' : ''}\\d{1,${digits}}$`)

/** The bound on all digits together is left to the check. */
const decimalPattern = ({ digits = 1, fraction = 0 }: Field): RegExp =>
  new RegExp(`^-?\\d{1,${digits}}(?:\\.\\d{1,${fraction}})?$`)

/** Moments of the example documents: an instant that no summer time or leap rule makes special. */
const momentExample = '20240618093015123'

const example = (field: Field): string => {
  if (field.fixed !== undefined) return field.fixed
  const [value] = Object.keys(field.values ?? {})
  if (value !== undefined) return value
  if (field.kind !== 'text') return field.kind === 'int' ? '1' : '12.5'
  if (field.moment !== undefined) return momentExample.slice(0, field.moment)
  const least = Math.max(1, leastOf(field))
  return '0'.repeat(least)
}
