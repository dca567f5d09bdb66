/**
 * A customs office to work against. Takes DxpMsg with signed CEB messages as the exchange delivers
 * them, checks form and signature, files the documents, matches list with order, payment and
 * waybill, and plans the replies of their fate. No input or output and no timers: whoever drives it
 * asks what is due. Sources: 202205 messages and status codes; texts and numbers as seen in practice.
 */
import { situationCode } from '../catalogue/error-codes.ts'
import { formatReplies, rootOf } from '../catalogue/index.ts'
import type { AnyDocument, Declaration } from '../catalogue/message.ts'
import { resultText } from '../catalogue/result-codes.ts'
import { checkDocument } from '../codec/check.ts'
import { headOfDocument } from '../codec/document.ts'
import { readMessage } from '../codec/read.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import {
  SIM_ECHO_LENGTH_MAX,
  SIM_MESSAGES_PER_CONSIGNMENT,
  SIM_REMEMBER,
  SIM_REPLIES_WAITING_MAX,
} from '../kernel/limits.ts'
import { verifyMessage } from '../signing/verify.ts'
import { readEnvelope } from '../wire/envelope.ts'
import type { Envelope } from '../wire/types.ts'
import { type Answers, createAnswers } from './answers.ts'
import { bookedDocument, createLedger, type Ledger } from './books.ts'
import { detachedAll } from './detached.ts'
import { companionWay, type Fate, fateOf, type Step, usualFate } from './fates.ts'
import { type Compared, differences, missingHints } from './match.ts'
import { createNumbers } from './numbers.ts'
import {
  type Consignment,
  companionsOf,
  createRegistry,
  type Filed,
  type Registry,
  type Standing,
} from './registry.ts'
import { formatInfo } from './texts.ts'
import type { Customs, CustomsOptions, Received } from './types.ts'

/** DXP address of the import system, as seen in practice. */
export const IMPORT_ADDRESS = 'DXPEDCCEB0000002'

/** Messages one call of `due` hands out unless told otherwise. */
const DUE_LIMIT = 64

export const createCustoms = (options: CustomsOptions): Customs => {
  const { clock, seed, pace, address = IMPORT_ADDRESS, remember = SIM_REMEMBER } = options
  const ledger = createLedger(remember * SIM_MESSAGES_PER_CONSIGNMENT)
  const registry = createRegistry(remember)
  const numbers = createNumbers(seed)
  const answers = createAnswers({ clock, pace, address, numbers, ledger })
  const office: Office = { ledger, registry, answers, verifies: options.verify !== 'none' }
  const { outgoing } = answers

  const receive = (bytes: Uint8Array): Received => {
    if (outgoing.counts().waiting > SIM_REPLIES_WAITING_MAX) return { kind: 'busy' }
    const read = readEnvelope(bytes)
    if (read.kind === 'unreadable') return { kind: 'unreadable', faults: read.faults }
    if (read.kind === 'exchange-reply') return { kind: 'unreadable', faults: [] }
    const { receiverIds, data } = read.envelope
    // Both are remembered, and would keep the text of the envelope alive.
    const [copMsgId = '', senderId = ''] = detachedAll([
      read.envelope.copMsgId,
      read.envelope.senderId,
    ])
    if (!receiverIds.includes(address)) return { kind: 'misaddressed', copMsgId }
    const isNew = ledger.enter(copMsgId, data) === 'new'
    if (isNew) open(office, { ...read.envelope, copMsgId, senderId })
    return { kind: 'taken', copMsgId, repeated: !isNew }
  }

  return {
    receive,
    due: (limit = DUE_LIMIT) => outgoing.due(clock.now().getTime(), limit),
    delivered: (copMsgId) => outgoing.delivered(copMsgId, clock.now().getTime()),
    failed: (copMsgId) => outgoing.failed(copMsgId, clock.now().getTime()),
    nextDueAt: () => {
      const next = outgoing.next(clock.now().getTime())
      return next === undefined ? undefined : new Date(next)
    },
    books: () => ({
      summary: () => ledger.summary(outgoing.counts()),
      message: ledger.message,
      messages: ledger.messages,
      document: (kind, key) => {
        const filed = registry.find(kind, key)
        return filed === undefined ? undefined : bookedDocument(filed)
      },
      documents: function* () {
        for (const filed of registry.all()) yield bookedDocument(filed)
      },
    }),
  }
}

interface Office {
  readonly ledger: Ledger
  readonly registry: Registry
  readonly answers: Answers
  readonly verifies: boolean
}

/** Opens an envelope that came for the first time. */
const open = (office: Office, envelope: Envelope): void => {
  const form = inspect(envelope.data)
  if (form.kind === 'refused') {
    refuseMessage(office, envelope, form)
    return
  }
  const isSigned = !office.verifies || verifyMessage(envelope.data).kind === 'valid'
  if (!isSigned) office.ledger.invalidSignature()
  const [receiverId = ''] = detachedAll([receiverOf(form.dxpId, envelope.senderId)])
  for (const document of form.documents)
    file(office, { entry: form.entry, receiverId, isSigned }, document)
}

type Form =
  | {
      readonly kind: 'refused'
      readonly code: string | undefined
      readonly faults: readonly Fault[]
    }
  | {
      readonly kind: 'good'
      readonly entry: Declaration
      readonly documents: readonly AnyDocument[]
      readonly dxpId: string | undefined
    }

/** Whether the message can be read and all of it has the right form. */
const inspect = (data: Uint8Array): Form => {
  const read = readMessage(data)
  if (read.kind === 'unreadable') return { kind: 'refused', code: undefined, faults: read.faults }
  const { entry, transfer } = read.message
  if (entry.sort !== 'declaration') return { kind: 'refused', code: entry.code, faults: [] }
  const faults = [...read.message.faults]
  const documents = read.message.documents.map((each) => {
    const checked = checkDocument(entry, each.document)
    faults.push(...each.faults, ...checked.faults)
    return checked.document
  })
  if (refuses(faults) || documents.some((document) => isDoomed(entry, document)))
    return { kind: 'refused', code: entry.code, faults }
  return { kind: 'good', entry, documents, dxpId: transfer?.dxpId }
}

const refuseMessage = (
  { ledger, answers }: Office,
  envelope: Envelope,
  { code, faults }: Extract<Form, { kind: 'refused' }>,
): void => {
  const [entry] = formatReplies
  if (entry === undefined) throw new Error('the catalogue has no format reply')
  const { status } = entry
  ledger.refusedMessage()
  const document = {
    [status.code]: FORM_FAILED,
    [status.info]: formatInfo(faults),
    [entry.refused]: envelope.copMsgId,
    oriMessageType: code === undefined ? 'Unknown' : rootOf({ code }),
    oriBizMessage: echoOf(envelope.data),
  }
  answers.refuseMessage(entry, document, envelope.senderId)
}

/** Files one document, or says why not, and matches what it completes. */
const file = (office: Office, parcel: Parcel, document: AnyDocument): void => {
  const { ledger, registry, answers } = office
  const { entry, receiverId, isSigned } = parcel
  const admitted = registry.admit(entry, document, receiverId, isSigned)
  const appType = headOfDocument(entry, document).appType ?? ''
  if (admitted.kind === 'refused') {
    const { filed, held, situation } = admitted
    const status = situationCode(entry.code, situation) ?? PROCESSING_FAILED
    ledger.refused(entry.code)
    answers.follow(filed, [{ status, pause: 'received' }], { appType, manner: 'plain' })
    if (held !== undefined) held.repliedAt = filed.repliedAt
    return
  }
  const { filed, consignment } = admitted
  ledger.taken(entry.code, filed.versions === 1)
  const fate = ownFate(filed)
  const steps = arrivalSteps(filed, fate)
  filed.standing = standingAfter(filed.standing, steps)
  const hint = hintOf(filed, consignment)
  answers.follow(filed, steps, { appType, manner: fate.manner, hint })
  for (const list of consignment.filed) decide(answers, list, consignment)
}

/** What the documents of one message have in common. */
interface Parcel {
  readonly entry: Declaration
  readonly receiverId: string
  readonly isSigned: boolean
}

/** CEB900's code for a message that fails its form. */
const FORM_FAILED = '-999999'
/** Where no code is published for a situation. */
const PROCESSING_FAILED = '-1'

const RECEIVER_LENGTH_MAX = 16

const receiverOf = (dxpId: string | undefined, senderId: string): string =>
  dxpId === undefined || dxpId === '' || dxpId.length > RECEIVER_LENGTH_MAX ? senderId : dxpId

/** The fate that befalls this very document; the usual one when the mark means another kind. */
const ownFate = (filed: Filed): Fate => {
  const fate = fateOf(filed.orderNo)
  return fate.kind === filed.entry.code ? fate : usualFate
}

const isDoomed = (entry: Declaration, document: AnyDocument): boolean => {
  const orderNo = headOfDocument(entry, document)[entry.consignment ?? ''] ?? ''
  const fate = fateOf(orderNo)
  return fate.refusesMessage && fate.kind === entry.code
}

/** A list that was decided waits for nothing any more. */
const NOTHING: Filed['wants'] = Object.freeze([])
const DRAFT_STEPS: readonly Step[] = [{ status: '1', pause: 'received' }]

const arrivalSteps = (filed: Filed, fate: Fate): readonly Step[] => {
  if (filed.standing === 'draft') return DRAFT_STEPS
  if (filed.standing === 'deleted') return companionWay.onArrival
  const isUsual = fate === usualFate && filed.wants.length === 0
  return isUsual ? companionWay.onArrival : fate.onArrival
}

/** A refusal, or a failure to pass it on, makes room for another submission. */
const standingAfter = (standing: Standing, steps: readonly Step[]): Standing => {
  if (steps.some(({ status }) => status === '100' || status === '4' || status.startsWith('-')))
    return 'refused'
  return standing === 'open' && steps.some(({ status }) => status === '1') ? 'draft' : standing
}

const hintOf = (filed: Filed, consignment: Consignment): string => {
  if (filed.standing !== 'open' || filed.wants.length === 0) return ''
  const { missing } = companionsOf(filed, consignment)
  return missing.map((part) => `,${missingHints[part] ?? ''}`).join('')
}

/** Matches a list that waits, as soon as everything it waits for is there. */
const decide = (answers: Answers, list: Filed, consignment: Consignment): void => {
  if (list.standing !== 'open' || list.wants.length === 0) return
  const { found, missing } = companionsOf(list, consignment)
  if (missing.length > 0) return
  const companions = [...found.values()]
  const objection = objectionTo(list, found)
  const fate = ownFate(list)
  const steps: readonly Step[] =
    objection === undefined
      ? fate.onceMatched
      : [{ status: '100', info: objection, pause: 'stored' }]
  list.standing = standingAfter('decided', steps)
  if (list.standing === 'decided')
    for (const filed of [list, ...companions]) {
      filed.standing = 'decided'
      filed.compared = undefined
      filed.wants = NOTHING
    }
  const from = Math.max(...companions.map((filed) => filed.busyUntil))
  const manner = objection === undefined ? fate.manner : 'plain'
  answers.follow(list, steps, { appType: '', manner, from })
}

const objectionTo = (list: Filed, found: ReadonlyMap<string, Filed>): string | undefined => {
  // Another list used these documents before.
  if ([...found.values()].some((filed) => filed.standing === 'decided')) return resultText('22007')
  const parts = new Map<string, Compared>()
  for (const [part, { compared }] of [...found, ['list', list] as const])
    if (compared !== undefined) parts.set(part, compared)
  return differences(parts)
}

/** The original XML as far as it is text that XML may hold. */
const echoOf = (data: Uint8Array): string =>
  Buffer.from(data)
    .toString('utf8')
    .slice(0, SIM_ECHO_LENGTH_MAX)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 leaves out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff]/gu, '')
