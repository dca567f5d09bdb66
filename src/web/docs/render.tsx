/**
 * The documentation pages as HTML text. Loaded with the first page that somebody opens: what makes
 * them is no part of a gateway that only passes documents on.
 */
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { codeLists } from '../../catalogue/code-lists/index.ts'
import { findMessage } from '../../catalogue/index.ts'
import { SIGNATURE_SCHEMA_FILE, xsdOf } from '../../codec/xsd.ts'
import { signatureXsd } from '../../codec/xsd-signature.ts'
import { findProblem } from '../../http/problems.ts'
import type { Route } from '../../http/route.ts'
import { searchIndex } from './field-index.ts'
import { FieldsPage, KindsPage, ListPage, ListsPage } from './index-pages.tsx'
import { InterfacePage, ProblemPage, ProblemsPage } from './interface-page.tsx'
import { KindPage } from './kind-page.tsx'
import { type Operation, operationsOf } from './operations.ts'
import type { DocsProps } from './parts.tsx'

type Page = ReturnType<typeof html>

const page = (content: Child): Page => html`<!doctype html>${content}`

/** Keeps what costs to make; one for each application. */
export const createRenderer = (routes: readonly Route[], version: string) => {
  let operations: readonly Operation[] | undefined
  return {
    interface: (props: DocsProps): Page => {
      operations ??= operationsOf(routes, version)
      return page(<InterfacePage {...props} operations={operations} />)
    },
    kinds: (props: DocsProps): Page => page(<KindsPage {...props} />),
    /** Undefined for a code we do not speak. */
    kind: (props: DocsProps, code: string): Page | undefined => {
      const entry = findMessage(code)
      return entry === undefined ? undefined : page(<KindPage {...props} entry={entry} />)
    },
    fields: (props: DocsProps): Page => page(<FieldsPage {...props} />),
    lists: (props: DocsProps): Page => page(<ListsPage {...props} />),
    list: (props: DocsProps, id: string): Page | undefined => {
      const list = codeLists.find((one) => one.id === id)
      return list === undefined ? undefined : page(<ListPage {...props} list={list} />)
    },
    problems: (props: DocsProps): Page => page(<ProblemsPage {...props} />),
    problem: (props: DocsProps, code: string): Page | undefined => {
      const problem = findProblem(code)
      return problem === undefined
        ? undefined
        : page(<ProblemPage {...props} code={code} problem={problem} />)
    },
    /** By file name, as in `schemas/`. */
    schema: (file: string): string | undefined => {
      if (file === SIGNATURE_SCHEMA_FILE) return signatureXsd()
      const entry = findMessage(file.replace(/\.xsd$/, ''))
      return entry === undefined ? undefined : xsdOf(entry)
    },
    search: searchIndex,
  }
}
