/**
 * What a desk is: a room of pages with a name, a first page, sections, and who it opens to. The frame
 * mounts it, guards it and puts masthead and navigation around what its pages say.
 */
import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { AppEnv } from '../../http/route.ts'
import type { Text } from '../../kernel/fault.ts'
import type { Lang } from '../texts.ts'
import type { Api, ApiProblem } from './api.ts'
import type { Flash } from './flash.ts'
import type { FormFields } from './form-fields.ts'
import type { Viewer } from './viewer.ts'

export interface Section {
  /** Whole path, such as `/seller/documents`. */
  readonly path: string
  readonly name: Text
  /** Paths of pages that belong to it and lie elsewhere in the room, such as `/seller/consignments`. */
  readonly also?: readonly string[]
  /** Left out: whoever the room opens to. */
  readonly opensTo?: (viewer: Viewer) => boolean
}

export interface Room {
  /** First path of the room and of all its pages, such as `/seller`. */
  readonly path: string
  readonly name: Text
  readonly opensTo: (viewer: Viewer) => boolean
  readonly sections: readonly Section[]
  /** Where the room shows a consignment by its order number; the search leads there. */
  readonly consignmentPath?: (orderNo: string) => string
  /** Where it shows one document. */
  readonly documentPath?: (id: string) => string
  /** False for a room that stands in the person's menu instead of the navigation. */
  readonly inNavigation?: boolean
  readonly mount: (desk: Desk) => void
}

export interface Content {
  readonly kind: 'content'
  readonly title: string
  readonly body: Child
  /** 200 unless said. */
  readonly status?: 200 | 201 | 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503
}

/** A page, a refusal of the interface that the frame makes readable, or an answer of its own. */
export type Shown = Content | ApiProblem | Response

export interface Ask {
  readonly c: Context<AppEnv>
  readonly lang: Lang
  /** The text in the reader's language. */
  readonly t: (text: Text) => string
  readonly api: Api
  readonly viewer: Viewer
  /** Query of the page; each name once. */
  readonly query: Readonly<Record<string, string>>
  /** Value of a `:name` of the path, decoded. */
  readonly param: (name: string) => string
  /** Path with query of this page. */
  readonly here: string
  /** 303 to a path of this site; the text is told there once. */
  readonly go: (path: string, flash?: Flash) => Response
  /** There is no such thing for this reader. */
  readonly notFound: () => Shown
}

export interface ActionAsk extends Ask {
  readonly form: FormFields
}

/** What a room mounts its pages with; paths are whole ones, in the form of the router. */
export interface Desk {
  page(path: string, show: (ask: Ask) => Promise<Shown> | Shown): void
  /** A form sent here from a page of ours; it is read and its origin checked before. */
  action(path: string, act: (ask: ActionAsk) => Promise<Shown> | Shown): void
  /** The same with its body left unread, for `api.pass`: uploads. */
  upload(path: string, act: (ask: Ask) => Promise<Shown> | Shown): void
}

export const content = (title: string, body: Child, status?: Content['status']): Content => ({
  kind: 'content',
  title,
  body,
  ...(status === undefined ? {} : { status }),
})
