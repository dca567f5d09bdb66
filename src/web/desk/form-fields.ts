/** Forms of pages as they come in: small, bounded, as fields by name. Files are passed on unread. */
import { decodeUtf8, mediaTypeOf, readBytes } from '../../http/body.ts'
import { PAGE_FORM_BYTES_MAX } from './desk-limits.ts'

export interface FormFields {
  /** Trimmed; '' where the field is not there. */
  text(name: string): string
  /** As typed, for passwords. */
  raw(name: string): string
  /** Every value of the name. */
  all(name: string): readonly string[]
  /** For keeping what was typed when the form comes back with faults. */
  readonly values: Readonly<Record<string, string>>
}

export const fieldsOf = (params: URLSearchParams): FormFields => ({
  text: (name) => (params.get(name) ?? '').trim(),
  raw: (name) => params.get(name) ?? '',
  all: (name) => params.getAll(name),
  values: Object.fromEntries(params),
})

/** The form of a request; undefined when it is none, not UTF-8 or too large. */
export const readForm = async (request: Request): Promise<FormFields | undefined> => {
  if (mediaTypeOf(request) !== 'application/x-www-form-urlencoded') {
    return request.body === null ? fieldsOf(new URLSearchParams()) : undefined
  }
  const read = await readBytes(request, PAGE_FORM_BYTES_MAX)
  const text = read.kind === 'bytes' ? decodeUtf8(read.bytes) : undefined
  return text === undefined ? undefined : fieldsOf(new URLSearchParams(text))
}
