/** What somebody types into the form of a whole consignment, each input once. */
import { consignmentOf, listOf } from '../../src/catalogue/index.ts'
import type { AnyDocument } from '../../src/catalogue/message.ts'
import { type FormValues, valuesOf } from '../../src/web/documents/form-model.ts'
import { wholeForm } from '../../src/web/documents/whole-form.ts'

const form = wholeForm(consignmentOf(listOf('import')))

/** Its kinds, in their order. */
export const wholeKinds = form.entries

/** Inputs for these documents by kind; `changed` goes over them. What is filled in by itself is left out. */
export const wholeValues = (
  documents: Readonly<Record<string, AnyDocument>>,
  changed: FormValues = {},
): Record<string, string> => {
  const values: Record<string, string> = {}
  for (const entry of form.entries)
    for (const [name, value] of Object.entries(valuesOf(entry, documents[entry.code] ?? {})))
      if (!/\.(?:guid|appType|appTime)$/.test(name)) values[form.inputOf(entry, name)] ??= value
  return { ...values, ...changed }
}
