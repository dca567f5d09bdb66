/**
 * Links that only Node can make: RabbitMQ over sockets, files on a disk. Apart from the others, so
 * that the bundle for Workers does not need what they need.
 */
import { randomBytes } from 'node:crypto'
import type { Log } from '../flow/types.ts'
import type { Clock } from '../kernel/clock.ts'
import { amqpLink } from '../wire/amqp-link.ts'
import { folderLink } from '../wire/folder-link.ts'
import type { Link } from '../wire/types.ts'
import type { Config } from './config.ts'

interface Deps {
  readonly clock: Clock
  readonly log: Log
}

export const nodeLinks = (config: Config, deps: Deps): readonly Link[] =>
  [overQueues(config, deps), overFolders(config, deps)].flatMap((link) => link ?? [])

/** Connects when there is something to send or somebody listens, not before. */
const overQueues = (config: Config, { log }: Deps): Link | undefined =>
  config.amqpUrl === undefined
    ? undefined
    : amqpLink({
        ...{ url: config.amqpUrl, log, random: Math.random },
        ...{ outQueue: config.amqpOutQueue, inPrefix: config.amqpInPrefix },
      })

const overFolders = ({ folders }: Config, deps: Deps): Link | undefined =>
  folders === undefined ? undefined : folderLink({ ...folders, ...deps, self: newSelf() })

/** What names the unfinished and claimed files of this process; no other has it. */
export const newSelf = (): string => randomBytes(8).toString('hex')
