/**
 * A customs office to work against. Takes DxpMsg with signed CEB messages as the exchange delivers
 * them, checks form and signature, files the documents, matches lists with their companions, does
 * what other documents ask, and plans the replies of their fate. Knows no kind by name: what differs
 * is read off the catalogue. No input or output and no timers: whoever drives it asks what is due.
 * Sources: 202205 messages and status codes; texts and numbers as seen in practice.
 */
import { situationCode } from '../catalogue/error-codes.ts'
import { formatReplies, rootOf } from '../catalogue/index.ts'
import type { AnyDocument, Declaration } from '../catalogue/message.ts'
import { resultText } from '../catalogue/result-codes.ts'
import { officialStatus } from '../catalogue/statuses.ts'
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
import { type Asked, askedOf, judgeAct } from './acts.ts'
import { type Answers, createAnswers } from './answers.ts'
import { bookedDocument, createLedger, type Ledger } from './books.ts'
import { detachedAll } from './detached.ts'
import { actUpon } from './effects.ts'
import { fateOf, type Step, usualWay, type Way } from './fates.ts'
import type { Filed, Standing } from './filed.ts'
import { namesStranger } from './firms.ts'
import { type Compared, differences, missingHints } from './match.ts'
import { createNumbers } from './numbers.ts'
import { createRegistry, type Registry } from './registry.ts'
import { formatInfo } from './texts.ts'
import { ADDRESSES, type Customs, type CustomsOptions, type Pace, type Received } from './types.ts'
import { createYears, type Years, type YearUse, yearUseOf } from './years.ts'

/** Messages one call of `due` hands out unless told otherwise. */
const DUE_LIMIT = 64

export const createCustoms = (options: CustomsOptions): Customs => {
  const { clock, seed, pace, addresses = ADDRESSES, remember = SIM_REMEMBER } = options
  const { taxBills = 'marked', others = [] } = options
  const ledger = createLedger(remember * SIM_MESSAGES_PER_CONSIGNMENT)
  const registry = createRegistry(remember)
  const years = createYears(remember)
  const numbers = createNumbers(seed)
  const answers = createAnswers({ clock, pace, addresses, taxBills, numbers, ledger, registry })
  const office: Office = {
    ...{ ledger, registry, years, answers, pace, addresses },
    verifies: options.verify !== 'none',
    now: () => clock.now().getTime(),
  }
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
    if (!receiverIds.some((id) => id === addresses.import || id === addresses.export))
      return receiverIds.some((id) => others.includes(id))
        ? { kind: 'taken', copMsgId, repeated: false }
        : { kind: 'misaddressed', copMsgId }
    const isNew = ledger.enter(copMsgId, data) === 'new'
    if (isNew) open(office, { ...read.envelope, copMsgId, senderId })
    return { kind: 'taken', copMsgId, repeated: !isNew }
  }

  return {
    receive,
    due: (limit = DUE_LIMIT) => outgoing.due(office.now(), limit),
    delivered: (copMsgId) => outgoing.delivered(copMsgId, office.now()),
    failed: (copMsgId) => outgoing.failed(copMsgId, office.now()),
    nextDueAt: () => {
      const next = outgoing.next(office.now())
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
  readonly years: Years
  readonly answers: Answers
  readonly pace: Pace
  readonly addresses: typeof ADDRESSES
  readonly verifies: boolean
  /** Milliseconds. */
  now(): number
}

/** Opens an envelope that came for the first time. */
const open = (office: Office, envelope: Envelope): void => {
  const form = inspect(envelope, office.addresses)
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

/** Whether the message can be read, has come to the right system, and all of it has the right form. */
const inspect = ({ data, receiverIds }: Envelope, addresses: typeof ADDRESSES): Form => {
  const read = readMessage(data)
  if (read.kind === 'unreadable') return { kind: 'refused', code: undefined, faults: read.faults }
  const { entry, transfer } = read.message
  if (entry.sort !== 'declaration') return { kind: 'refused', code: entry.code, faults: [] }
  const system = entry.direction === 'export' ? addresses.export : addresses.import
  if (!receiverIds.includes(system))
    return { kind: 'refused', code: entry.code, faults: [otherSystem] }
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

const otherSystem: Fault = {
  code: 'SIM-OTHER_SYSTEM',
  pointer: '',
  severity: 'error',
  text: { zh: '本系统不接收该类报文', en: 'This system does not take messages of this kind' },
  cure: { zh: '发往另一进出口方向的地址', en: 'Send it to the address of the other direction' },
}

const isDoomed = (entry: Declaration, document: AnyDocument): boolean =>
  fateOf(entry, headOfDocument(entry, document)).refusesMessage

const refuseMessage = (
  { ledger, answers, addresses }: Office,
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
  const from = envelope.receiverIds.find((id) => id === addresses.import || id === addresses.export)
  answers.refuseMessage(entry, document, from ?? addresses.import, envelope.senderId)
}

/** What the documents of one message have in common. */
interface Parcel {
  readonly entry: Declaration
  readonly receiverId: string
  readonly isSigned: boolean
}

/** Files one document, or says why not; does what it asks for, and matches what it completes. */
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
  const { filed, dossiers } = admitted
  ledger.taken(entry.code, filed.versions === 1)
  const at = Math.max(office.now(), filed.busyUntil) + office.pace.received + office.pace.stored
  const asked = filed.standing === 'open' ? askedOf(entry, document, at) : undefined
  if (filed.standing === 'open' && namesStranger(headOfDocument(entry, document)))
    refuseStranger(office, filed, appType)
  else if (asked === undefined) answer(office, filed, appType)
  else answerAct(office, filed, asked, appType)
  for (const { filed: present } of dossiers) for (const list of present) decide(office, list)
}

/** The first words on a document that asks for nothing; all of them when it waits for nobody. */
const answer = ({ answers, registry }: Office, filed: Filed, appType: string): void => {
  const { onArrival, afterwards } = wayOf(filed)
  const waits = filed.standing === 'open' && filed.wants.length > 0
  const steps = waits ? onArrival : [...onArrival, ...afterwards]
  filed.standing = standingAfter(filed.standing, steps)
  const hint = waits && filed.standing === 'open' ? hintOf(registry, filed) : ''
  answers.follow(filed, steps, { appType, manner: filed.fate.manner, hint })
}

/** An enterprise that the office has not in its register, whatever else is right. */
const refuseStranger = ({ answers }: Office, filed: Filed, appType: string): void => {
  const { onArrival } = wayOf(filed)
  const refusal: Step = { status: '100', info: resultText('22001'), pause: 'stored' }
  filed.standing = 'refused'
  answers.follow(filed, [...onArrival, refusal], { appType, manner: 'plain' })
}

const answerAct = (office: Office, filed: Filed, asked: Asked, appType: string): void => {
  const { answers, registry } = office
  const { onArrival, afterwards } = wayOf(filed)
  // A mark that keeps it from customs leaves nothing to be judged.
  const judged = afterwards.length === 0 ? undefined : judgeAct(registry, asked)
  const steps = judged?.kind === 'refused' ? [judged.step] : afterwards
  const isGranted = judged?.kind === 'granted' && endsWell(filed.entry, steps)
  const standing = standingAfter(filed.standing, [...onArrival, ...steps])
  filed.standing = isGranted ? 'decided' : standing
  const targets = isGranted ? judged.targets : []
  const { manner } = filed.fate
  answers.follow(filed, [...onArrival, ...steps], { appType, manner, targets })
  if (isGranted) actUpon(office, filed, asked, targets)
}

const endsWell = ({ done }: Declaration, steps: readonly Step[]): boolean =>
  steps.some(({ status }) => done.includes(officialStatus(status).state))

/** CEB900's code for a message that fails its form. */
const FORM_FAILED = '-999999'
/** Where no code is published for a situation. */
const PROCESSING_FAILED = '-1'

const RECEIVER_LENGTH_MAX = 16

const receiverOf = (dxpId: string | undefined, senderId: string): string =>
  dxpId === undefined || dxpId === '' || dxpId.length > RECEIVER_LENGTH_MAX ? senderId : dxpId

const DRAFT_WAY: Way = { onArrival: [{ status: '1', pause: 'received' }], afterwards: [] }

/** A draft is only kept, and a deletion goes no further than customs' first word. */
const wayOf = ({ entry, standing, fate }: Filed): Way => {
  if (standing === 'draft') return DRAFT_WAY
  const usual = usualWay(entry)
  if (standing === 'deleted')
    return { onArrival: usual.onArrival, afterwards: usual.afterwards.slice(0, 1) }
  return fate.bend(usual)
}

/** A refusal, or a failure to pass it on, makes room for another submission. */
const standingAfter = (standing: Standing, steps: readonly Step[]): Standing => {
  if (steps.some(({ status }) => status === '100' || status === '4' || status.startsWith('-')))
    return 'refused'
  return standing === 'open' && steps.some(({ status }) => status === '1') ? 'draft' : standing
}

const hintOf = (registry: Registry, filed: Filed): string => {
  const { missing } = registry.companionsOf(filed)
  return missing.map((part) => `,${missingHints[part] ?? ''}`).join('')
}

/** A released list waits for nothing any more and is never matched again. */
const NOTHING: Filed['wants'] = Object.freeze([])

/** Matches a list that waits, as soon as everything it waits for is there. */
const decide = (office: Office, list: Filed): void => {
  const { answers, registry, years } = office
  if (list.standing !== 'open' || list.wants.length === 0) return
  const { found, missing } = registry.companionsOf(list)
  if (missing.length > 0) return
  const companions = [...found.values()]
  const use = yearUseOf(list.compared?.head ?? {}, list.facts, list.amount, list.appTime)
  const objection = objectionTo(list, found) ?? overYear(years, use)
  const { afterwards } = wayOf(list)
  const steps: readonly Step[] =
    objection === undefined ? afterwards : [{ status: '100', info: objection, pause: 'stored' }]
  list.standing = standingAfter('decided', steps)
  const isReleased = steps.some(({ status }) => officialStatus(status).state === 'released')
  if (list.standing === 'decided' && use !== undefined) {
    years.take(use)
    list.use = use
  }
  if (list.standing === 'decided')
    for (const filed of [list, ...companions]) {
      filed.standing = 'decided'
      // What is not released may be cancelled, and its companions serve another list.
      if (isReleased) filed.compared = undefined
      if (isReleased) filed.wants = NOTHING
    }
  const from = Math.max(...companions.map((filed) => filed.busyUntil))
  const manner = objection === undefined ? list.fate.manner : 'plain'
  answers.follow(list, steps, { appType: '', manner, from })
}

const overYear = (years: Years, use: YearUse | undefined): string | undefined =>
  use !== undefined && years.exceeds(use) ? resultText('1313') : undefined

const objectionTo = (list: Filed, found: ReadonlyMap<string, Filed>): string | undefined => {
  // Another list used these documents before.
  if ([...found.values()].some((filed) => filed.standing === 'decided'))
    return list.entry.direction === 'import' ? resultText('22007') : '对应单证已有清单申报'
  const parts = new Map<string, Compared>()
  for (const filed of [...found.values(), list])
    if (filed.compared !== undefined) parts.set(filed.entry.offers?.part ?? '', filed.compared)
  return differences(parts)
}

/** The original XML as far as it is text that XML may hold. */
const echoOf = (data: Uint8Array): string =>
  Buffer.from(data)
    .toString('utf8')
    .slice(0, SIM_ECHO_LENGTH_MAX)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 leaves out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff]/gu, '')
