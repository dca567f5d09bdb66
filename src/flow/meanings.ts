/**
 * Meanings that operators gave to codes and texts nobody published. They are looked up when somebody
 * reads, so that what came before is understood like what comes after.
 */
import { type CauseName, causes } from '../catalogue/causes/index.ts'
import { exchangeMeaning, resultMeaning, statusMeaning } from '../catalogue/meanings.ts'
import type { Text } from '../kernel/fault.ts'
import { isId } from '../kernel/ids.ts'
import {
  type CodeMeaning,
  findMeaningHistory,
  findMeanings,
  insertMeaning,
  isCodeSeen,
} from '../store/code-meanings.ts'
import { findText } from '../store/rejections.ts'
import type { Db } from '../store/tables.ts'
import type { FlowDeps } from './types.ts'

export type MeaningSort = CodeMeaning['sort']

export interface LearnedMeaning extends Text {
  readonly cause: CauseName
  /** Field that it is about, as `causeFields` names them; null for none in particular. */
  readonly field: string | null
  readonly setAt: Date
}

export interface Meanings {
  /** By the kind of the document, or for exchange codes under any. */
  find(kind: string, sort: MeaningSort, code: string): LearnedMeaning | undefined
  /** Whether any text has one: else no text needs to be looked at. */
  readonly hasTexts: boolean
}

export const noMeanings: Meanings = { find: () => undefined, hasTexts: false }

export const isCause = (name: string): name is CauseName => Object.hasOwn(causes, name)

export const loadMeanings = async (db: Db): Promise<Meanings> => {
  const known = new Map<string, LearnedMeaning>()
  let hasTexts = false
  for (const { kind, sort, code, cause, zh, en, field, setAt } of await findMeanings(db)) {
    // A cause that a release retired means nothing any more.
    if (!isCause(cause)) continue
    known.set(keyOf(kind, sort, code), { cause, zh, en, field, setAt })
    hasTexts ||= sort === 'text'
  }
  return { find: (kind, sort, code) => known.get(keyOf(kind, sort, code)), hasTexts }
}

const keyOf = (kind: string, sort: MeaningSort, code: string): string =>
  `${sort === 'exchange' ? '' : kind} ${sort} ${code}`

export interface GivenMeaning extends Text {
  readonly cause: CauseName
  readonly field?: string | undefined
}

export interface MeaningView extends Text {
  readonly cause: string
  readonly field: string | null
  readonly setAt: string
}

export type MeaningAnswer =
  | { readonly kind: 'not-found' }
  /** The catalogue says what it means. */
  | { readonly kind: 'published' }
  | {
      readonly kind: 'set'
      /** The latest first. */
      readonly history: readonly MeaningView[]
    }

/** Gives a code or a text a meaning, in force from now on for all that came and will come. */
export const giveMeaning = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  of: { readonly kind: string; readonly sort: MeaningSort; readonly code: string },
  given: GivenMeaning,
  setBy: string | null,
): Promise<MeaningAnswer> => {
  if (isPublished(of)) return { kind: 'published' }
  if (!(await isThere(deps.db, of))) return { kind: 'not-found' }
  const { cause, zh, en, field = null } = given
  await insertMeaning(deps.db, { ...of, cause, zh, en, field, setBy, setAt: deps.clock.now() })
  const history = await findMeaningHistory(deps.db, of)
  return { kind: 'set', history: history.map(meaningView) }
}

export const meaningView = (
  meaning: Pick<CodeMeaning, 'cause' | 'field' | 'zh' | 'en' | 'setAt'>,
): MeaningView => ({
  ...{ cause: meaning.cause, field: meaning.field, zh: meaning.zh, en: meaning.en },
  setAt: meaning.setAt.toISOString(),
})

const isPublished = ({ kind, sort, code }: { kind: string; sort: MeaningSort; code: string }) => {
  if (sort === 'status') return statusMeaning(kind, code).known
  if (sort === 'result') return resultMeaning(code).known
  return sort === 'exchange' && exchangeMeaning(code).known
}

const isThere = async (
  db: Db,
  of: { readonly kind: string; readonly sort: MeaningSort; readonly code: string },
): Promise<boolean> => {
  if (of.sort !== 'text') return isCodeSeen(db, of)
  const text = isId(of.code) ? await findText(db, of.code.toLowerCase()) : undefined
  return text?.kind === of.kind
}
