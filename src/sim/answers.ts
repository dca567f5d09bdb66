/**
 * Plans replies and notices. A document's steps become single replies with an official time each,
 * later for every step, and travel in the manner of its fate; the outgoing tray packs what falls
 * due together.
 */
import type { FieldRecord, FormatReply } from '../catalogue/message.ts'
import { officialStatus } from '../catalogue/statuses.ts'
import { type Clock, stamp17 } from '../kernel/clock.ts'
import type { Ledger } from './books.ts'
import type { Manner, Step } from './fates.ts'
import type { Filed } from './filed.ts'
import { openingNotices, type Planned, voidNotice } from './notices.ts'
import type { Numbers } from './numbers.ts'
import { createOutgoing, type Outgoing } from './outgoing.ts'
import type { Registry } from './registry.ts'
import { formatReplyMessage, garbageMessage, type ReplyHead, replyMessage } from './reply-xml.ts'
import { documentOf, inOrder, isOver, type Saying } from './sayings.ts'
import { usualInfo } from './texts.ts'
import type { Addresses, CustomsOptions, Pace } from './types.ts'

export interface AnswersDeps {
  readonly clock: Clock
  readonly pace: Pace
  readonly addresses: Addresses
  readonly taxBills: NonNullable<CustomsOptions['taxBills']>
  readonly numbers: Numbers
  readonly ledger: Ledger
  readonly registry: Registry
}

export interface Following {
  readonly appType: string
  readonly manner: Manner
  /** Appended to the text of the first reply. */
  readonly hint?: string
  /** Not before this moment, in milliseconds. */
  readonly from?: number
  /** What it acts upon: notices may tell of that. */
  readonly targets?: readonly Filed[]
}

/** Official time, and when that is due: milliseconds. */
export interface Moment {
  readonly at: number
  readonly due: number
}

export interface Answers {
  readonly outgoing: Outgoing<Saying>
  /** Plans the replies of these steps, one after the other from now on, and what they entail. */
  follow(filed: Filed, steps: readonly Step[], how: Following): void
  /** Plans that what was told of a document holds no longer. */
  tellVoid(filed: Filed, moment: Moment): void
  /** Plans the refusal of a whole message; `document` lacks guid and time. */
  refuseMessage(entry: FormatReply, document: FieldRecord, from: string, receiverId: string): void
}

/** Customs' own first words on a document: from them on it has the numbers customs gives. */
const ACCEPTED = ['120', '399']
/** Moments whose text is kept; a message has a handful. */
const STAMPS_KEPT = 64

export const createAnswers = (deps: AnswersDeps): Answers => {
  const { clock, pace, numbers, addresses } = deps
  const head = (senderId: string, receiverId: string): ReplyHead => ({
    ...{ guid: numbers.guid(), senderId, receiverId, at: clock.now() },
  })
  const headTo = ({ entry, receiverId }: Filed): ReplyHead =>
    head(addresses[entry.direction === 'export' ? 'export' : 'import'], receiverId)
  const stampOf = createStamps()
  const planStep = createPlanner(deps, stampOf)

  const outgoing = createOutgoing<Saying>((sayings) => {
    const [first] = sayings
    if (first === undefined) throw new Error('a reply message needs a reply')
    for (const saying of sayings) book(saying, deps.ledger)
    const documents = sayings.map((saying) => documentOf(saying, numbers.guid()))
    return replyMessage(first.entry, documents, headTo(first.filed))
  }, isOver)
  const send = createSender(outgoing, pace.late)

  const noticesDeps = { numbers, pause: pace.notice, taxBills: deps.taxBills, stampOf }

  /** What customs tells of a document that reached what the catalogue says notices follow. */
  const tell = (filed: Filed, planned: readonly Planned[], how: Following): void => {
    const { notices } = filed.traits
    if (notices.length === 0) return
    const reached = planned.find(({ saying }) =>
      notices.some(({ about }) => about.follows === saying.status),
    )
    if (reached === undefined) return
    const { targets = [] } = how
    const occasion = { filed, targets, at: reached.saying.at, due: reached.due }
    send(openingNotices(noticesDeps, occasion), how.manner)
  }

  return {
    outgoing,
    follow: (filed, steps, how) => {
      filed.busyUntil = Math.max(clock.now().getTime(), filed.busyUntil, how.from ?? 0)
      const planned = steps.map((step, i) =>
        planStep(filed, step, how, i === 0 ? (how.hint ?? '') : ''),
      )
      const [first] = planned
      if (how.manner === 'after-garbage' && first !== undefined)
        outgoing.plan(first.due, {
          kind: 'message',
          make: () => garbageMessage(filed.traits.reply, headTo(filed)),
        })
      send(planned, how.manner)
      tell(filed, planned, how)
    },
    tellVoid: (filed, moment) =>
      send(voidNotice(noticesDeps, { filed, targets: [], ...moment }), 'plain'),
    refuseMessage: (entry, document, from, receiverId) => {
      const at = clock.now()
      const time = { [entry.status.time]: stamp17(at) }
      outgoing.plan(at.getTime() + pace.received, {
        kind: 'message',
        make: () => {
          const fields = inOrder(entry, { ...document, ...time, guid: numbers.guid() })
          return formatReplyMessage(entry, fields, head(from, receiverId))
        },
      })
    },
  }
}

/** Documents of one message are answered at the same moments. */
const createStamps = (): ((at: number) => string) => {
  const stamps = new Map<number, string>()
  return (at) => {
    const known = stamps.get(at)
    if (known !== undefined) return known
    if (stamps.size >= STAMPS_KEPT) stamps.clear()
    const stamp = stamp17(new Date(at))
    stamps.set(at, stamp)
    return stamp
  }
}

/** Makes the reply of one step, and says when it is due. */
const createPlanner = (
  { pace, numbers, registry }: Pick<AnswersDeps, 'pace' | 'numbers' | 'registry'>,
  stampOf: (at: number) => string,
) => {
  const give = (filed: Filed, status: string, at: number): void => {
    const { reply, foundBy } = filed.traits
    for (const name of reply.gives ?? []) {
      const isTime = name === PRE_NUMBER || ACCEPTED.includes(status)
      if (!isTime || filed.given[name] !== undefined) continue
      const number = numbers.give(name, filed.entry, filed.facts, new Date(at))
      filed.given = { ...filed.given, [name]: number }
      if (foundBy.includes(name)) registry.given(filed)
    }
  }
  return (filed: Filed, step: Step, how: Following, hint: string): Planned => {
    const due = filed.busyUntil + pace[step.pause]
    const at = step.sameMoment ? filed.repliedAt : Math.max(due, filed.repliedAt + 1)
    filed.busyUntil = due
    filed.repliedAt = at
    give(filed, step.status, at)
    if (officialStatus(step.status).state === 'released') filed.releasedAt ??= at
    const saying: Saying = {
      kind: 'reply',
      filed,
      entry: filed.traits.reply,
      status: step.status,
      info: (step.info ?? usualInfo(filed, how.appType, step.status)) + hint,
      at,
      time: stampOf(at),
      given: filed.given,
      way: filed.way,
    }
    return { due, saying }
  }
}

/** The e-port's own number, given with its first word. */
const PRE_NUMBER = 'preNo'

/** Plans what was said in the manner of a fate; said backwards, each takes the moment of another. */
const createSender =
  (outgoing: Outgoing<Saying>, late: number) =>
  (planned: readonly Planned[], manner: Manner): void => {
    for (const [i, { due }] of planned.entries()) {
      const from = manner === 'backwards' ? planned.length - 1 - i : i
      const saying = planned[from]?.saying
      if (saying !== undefined) plan(outgoing, saying, manner, manner === 'late' ? due + late : due)
    }
  }

const plan = (outgoing: Outgoing<Saying>, saying: Saying, manner: Manner, due: number): void => {
  const { filed, entry, status } = saying
  const shared = `${entry.code} ${filed.receiverId} ${status}`
  // Whoever behaves oddly travels alone, so that nothing evens it out; so does what may be long.
  const isAlone = manner !== 'plain' || (saying.kind === 'notice' && filed.entry.acts !== undefined)
  const group = isAlone ? `${shared} ${filed.key.join(' ')} ${saying.at}` : shared
  const copies = manner === 'twice' ? 2 : 1
  for (let i = 0; i < copies; i += 1)
    outgoing.plan(due, { kind: 'reply', group, copies, reply: saying })
}

const book = (saying: Saying, ledger: Ledger): void => {
  const { filed, status, at } = saying
  if (saying.kind === 'notice') {
    ledger.told(saying.entry.code)
    return
  }
  if (at > filed.statusAt) {
    filed.status = status
    filed.statusAt = at
  }
  ledger.replied(filed, status)
}
