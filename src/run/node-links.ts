/**
 * Links that only Node can make: files on a disk. Apart from the others, so that the bundle for
 * Workers does not need what they need.
 */
import { randomBytes } from 'node:crypto'
import type { Log } from '../flow/types.ts'
import type { Clock } from '../kernel/clock.ts'
import { folderLink } from '../wire/folder-link.ts'
import type { Link } from '../wire/types.ts'
import type { Config } from './config.ts'

export const nodeLinks = (
  { folders }: Config,
  deps: { readonly clock: Clock; readonly log: Log },
): readonly Link[] => {
  if (folders === undefined) return []
  return [folderLink({ ...folders, ...deps, self: newSelf() })]
}

/** What names the unfinished and claimed files of this process; no other has it. */
export const newSelf = (): string => randomBytes(8).toString('hex')
