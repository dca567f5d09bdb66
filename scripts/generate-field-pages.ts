/**
 * Writes `docs/messages`: a page for every kind of message and their index, from the catalogue. The
 * same pages stand under `/docs/messages` of a running gateway.
 */
import { messages } from '../src/catalogue/index.ts'
import { fieldPageMarkdown, kindIndexMarkdown } from '../src/codec/field-page-markdown.ts'

export const FIELD_PAGES_FOLDER = 'docs/messages'

/** Path from the project's root -> the text that file must have. */
export const generateFieldPages = (): Map<string, string> =>
  new Map([
    [`${FIELD_PAGES_FOLDER}/README.md`, kindIndexMarkdown()],
    ...messages.map(
      (entry) => [`${FIELD_PAGES_FOLDER}/${entry.code}.md`, fieldPageMarkdown(entry)] as const,
    ),
  ])
