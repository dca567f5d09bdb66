/**
 * Example documents for the interface page, made from the catalogue: every required field with the
 * plainest value its entry allows. They show shape and lengths; the numbers in them name nobody.
 */
import type { Field } from '../catalogue/field.ts'
import type { AnyDocument, Declaration, FieldRecord, Fields, Group } from '../catalogue/message.ts'

export const exampleOf = (entry: Declaration): AnyDocument => {
  if ('fields' in entry.body) return exampleRecord(entry.body.fields)
  return Object.fromEntries(
    Object.entries<Group>(entry.body.groups)
      .filter(([, group]) => group.min > 0)
      .map(([name, group]) => {
        const record = exampleRecord(group.fields)
        return [name, group.max === 1 ? record : [record]]
      }),
  )
}

const exampleRecord = (fields: Fields): FieldRecord =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => field.required || field.textRequires === true)
      .map(([name, field]) => [name, exampleValue(name, field)]),
  )

/** A moment that exists, cut to the length asked for. */
const MOMENT = '20260701093000000'
const GUID = '00000000-0000-4000-8000-000000000001'
/** Long enough to be seen, short enough to be read. */
const TEXT_LENGTH = 8

const exampleValue = (name: string, field: Field): string => {
  if (field.fixed !== undefined) return field.fixed
  const [value] = Object.keys(field.values ?? {})
  if (value !== undefined) return value
  if (field.moment !== undefined) return MOMENT.slice(0, field.moment)
  if (field.kind !== 'text') return '1'
  if (name === 'guid') return GUID
  if (field.length !== undefined) return '1'.padStart(field.length, '0')
  const length = Math.min(field.max ?? TEXT_LENGTH, Math.max(field.min ?? 1, TEXT_LENGTH))
  return '示例'.slice(0, length).padEnd(length, '0')
}
