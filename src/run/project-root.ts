/** Where the project lies: `bin/`, `dist/` and what is built. */
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the project, seen from the built code in `dist/` or `dist/chunks/`. */
export const projectRoot = (): string => {
  const here = dirname(fileURLToPath(import.meta.url))
  return basename(here) === 'chunks' ? join(here, '../..') : join(here, '..')
}
