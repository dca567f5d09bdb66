/**
 * The links to customs that the settings name: HTTP, RabbitMQ, a pair of folders. The first is for
 * enterprises that chose none; `CUSTOMS_LINK` says which it is when there are several.
 */
import { httpTransport } from '../wire/http-transport.ts'
import type { Link, Transport } from '../wire/types.ts'
import type { Config } from './config.ts'

/** `others` are links that only one runtime has. */
export const openLinks = (config: Config, others: readonly Link[] = []): readonly Link[] => {
  const links = [httpLink(config)].flatMap((link) => link ?? []).concat(others)
  const isFirst = ({ code }: Link): boolean => code === config.customsLink
  return [...links.filter(isFirst), ...links.filter((link) => !isFirst(link))]
}

/** The only link of a rehearsal whose far side is in the same process. */
export const simulatorLink = (transport: Transport): Link => ({ code: 'simulator', transport })

/** From the first byte of a message to the end of the answer; the exchange answers in a second. */
const SEND_TIMEOUT_MS = 15_000

const httpLink = ({ customsUrl, customsToken }: Config): Link | undefined =>
  customsUrl === undefined
    ? undefined
    : {
        code: 'http',
        transport: httpTransport({
          ...{ name: 'http', url: customsUrl, token: customsToken ?? '' },
          timeoutMs: SEND_TIMEOUT_MS,
        }),
      }
