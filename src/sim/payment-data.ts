/**
 * The simulated customs office of the 179 interface: calls a platform for the payment data of an
 * order, takes the upload, checks its form, makes the string that was signed from the raw text of the
 * JSON members, and verifies it with the certificate that the platform registered. Strict where real
 * customs may look later only: a signature that does not hold is refused at once.
 */
import { originalPayment as table } from '../catalogue/original-payment.ts'
import { checkOriginalPayment, stringToSign } from '../codec/original-payment.ts'
import type { Clock } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'
import { SIM_SESSIONS_MAX } from '../kernel/payment-limits.ts'
import { type CertificateRead, readCertificate } from '../signing/keys.ts'
import { valueHolds } from '../signing/value.ts'
import {
  type FormAnswer,
  formOf,
  type PlatformCalls,
  type RealTimeData,
  readAnswer,
} from '../wire/real-time-data.ts'
import { rawMembers } from './raw-json.ts'

/** What a platform enters in 服务注册管理. */
export interface PlatformRegistration {
  readonly ebpCode: string
  /** Where it is called. */
  readonly address: string
  /** Serial number of the signing certificate, lower-case hex. */
  readonly certNo: string
  /** Base64 DER. */
  readonly certificate: string
}

export interface TakenUpload {
  readonly sessionId: string
  readonly ebpCode: string
  /** The JSON text of payExInfoStr, as it came. */
  readonly body: string
}

export type UploadReply =
  | {
      readonly kind: 'answer'
      readonly body: {
        readonly code: string
        readonly message: string
        readonly total: number
        readonly serviceTime: number
      }
    }
  /** Answered 503. */
  | { readonly kind: 'unavailable' }
  /** Taken, and the answer is lost. */
  | { readonly kind: 'silent' }

export interface PaymentDataOffice {
  /** False for a certificate that cannot be read. */
  register(registration: PlatformRegistration): boolean
  /** Calls the platform for an order, under a new session unless one is told. */
  ask(
    ebpCode: string,
    orderNo: string,
    sessionId?: string,
  ): Promise<{ readonly sessionId: string; readonly answer: FormAnswer } | undefined>
  /** Takes the form of one upload; never throws for what it contains. */
  upload(form: string): UploadReply
  /** Uploads taken for good, in their order. */
  taken(): readonly TakenUpload[]
}

export interface PaymentDataOptions {
  readonly clock: Clock
  readonly seed: string
  readonly calls: PlatformCalls
}

/** What the end of the order number that is asked for makes of its uploads. */
const FATES = {
  /** The first two are answered 503. */
  '-BUSY': 'busy',
  /** The first is taken, but its answer is lost. */
  '-SILENT': 'silent',
  /** Refused with a code nobody published. */
  '-DENY': 'deny',
} as const
const BUSY_TIMES = 2

interface Session {
  readonly ebpCode: string
  readonly orderNo: string
  tries: number
  used: boolean
}

interface Registered {
  readonly address: string
  readonly certificates: Map<string, CertificateRead>
}

export const createPaymentData = (options: PaymentDataOptions): PaymentDataOffice => {
  const { clock, seed, calls } = options
  const platforms = new Map<string, Registered>()
  const sessions = new Map<string, Session>()
  const taken: TakenUpload[] = []
  let asked = 0
  const answer = (code: string, message: string): UploadReply => ({
    kind: 'answer',
    body: { code, message, total: taken.length, serviceTime: clock.now().getTime() },
  })
  return {
    register: ({ ebpCode, address, certNo, certificate }) => {
      const read = readCertificate(certificate)
      if (read === undefined) return false
      const before = platforms.get(ebpCode)?.certificates ?? new Map()
      platforms.set(ebpCode, { address, certificates: new Map([...before, [certNo, read]]) })
      return true
    },
    ask: async (ebpCode, orderNo, given) => {
      const platform = platforms.get(ebpCode)
      if (platform === undefined) return undefined
      asked += 1
      const sessionId = given ?? derivedId('session', seed, String(asked)).toUpperCase()
      const [oldest] = sessions.keys()
      if (sessions.size >= SIM_SESSIONS_MAX && oldest !== undefined) sessions.delete(oldest)
      if (!sessions.has(sessionId))
        sessions.set(sessionId, { ebpCode, orderNo, tries: 0, used: false })
      const serviceTime = clock.now().getTime()
      const request = JSON.stringify({ orderNo, sessionID: sessionId, serviceTime })
      return { sessionId, answer: await calls.open(platform.address, request) }
    },
    upload: (form) => {
      const body = new URLSearchParams(form).get('payExInfoStr')
      const read = body === null ? undefined : readUpload(body)
      if (body === null || read === undefined)
        return answer('20000', 'payExInfoStr 不是有效的 JSON')
      const session = sessions.get(read.sessionId)
      if (session === undefined) return answer('20000', 'sessionID 不存在')
      session.tries += 1
      const fate = Object.entries(FATES).find(([mark]) => session.orderNo.endsWith(mark))?.[1]
      if (fate === 'busy' && session.tries <= BUSY_TIMES) return { kind: 'unavailable' }
      if (session.used) return answer('20000', '存储失败,sessionID 已被使用')
      if (fate === 'deny') return answer('20001', '平台数据与订单不一致')
      const refused = refusalOf(read, session, platforms.get(session.ebpCode))
      if (refused !== undefined) return answer(refused.code, refused.message)
      session.used = true
      if (taken.length >= SIM_SESSIONS_MAX) taken.shift()
      taken.push({ sessionId: read.sessionId, ebpCode: session.ebpCode, body })
      return fate === 'silent' && session.tries === 1
        ? { kind: 'silent' }
        : answer('10000', '上传成功')
    },
    taken: () => [...taken],
  }
}

/** Uploads within the process: what breaks on the wire is no answer here. */
export const officeUploads = (office: PaymentDataOffice): RealTimeData => ({
  upload: async (body) => {
    const reply = office.upload(formOf('payExInfoStr', body))
    return reply.kind === 'answer'
      ? readAnswer(JSON.stringify(reply.body))
      : { kind: 'unavailable', reason: reply.kind }
  },
})

interface Upload {
  readonly sessionId: string
  readonly serviceTime: string
  readonly certNo: string
  readonly signValue: string
  /** Raw texts. */
  readonly head: string
  readonly lists: string
}

const readUpload = (body: string): Upload | undefined => {
  const raw = rawMembers(body)
  if (raw === undefined) return undefined
  return {
    sessionId: textOf(raw.get('sessionID')),
    serviceTime: textOf(raw.get('serviceTime')),
    certNo: textOf(raw.get('certNo')),
    signValue: textOf(raw.get('signValue')),
    head: raw.get('payExchangeInfoHead') ?? '',
    lists: raw.get('payExchangeInfoLists') ?? '',
  }
}

/** The text of a JSON string; '' for anything else. */
const textOf = (raw: string | undefined): string => {
  const value: unknown = raw === undefined ? '' : JSON.parse(raw)
  return typeof value === 'string' ? value : ''
}

interface Refusal {
  readonly code: string
  readonly message: string
}

const refusalOf = (
  upload: Upload,
  session: Session,
  platform: Registered | undefined,
): Refusal | undefined => {
  const refused = (message: string): Refusal => ({ code: '20000', message })
  if (upload.certNo === '') return refused('certNo 为空')
  const certificate = platform?.certificates.get(upload.certNo)
  if (certificate === undefined) return { code: '20004', message: '签名证书未在服务注册中登记' }
  const wrong = formFault(upload, session)
  if (wrong !== undefined) return refused(wrong)
  const signed = Buffer.from(stringToSign(upload))
  const value = Buffer.from(upload.signValue, 'base64')
  return valueHolds(certificate, signed, value) ? undefined : refused('验签失败')
}

const HEAD_ORDER = ['guid', ...Object.keys(table.head.fields)]

/** What is wrong with the form; undefined when nothing is. */
const formFault = (upload: Upload, session: Session): string | undefined => {
  if (!/^\d{13}$/.test(upload.serviceTime)) return 'serviceTime 格式不对'
  const raw = rawMembers(upload.head)
  if (raw === undefined) return 'payExchangeInfoHead 格式不对'
  const names = [...raw.keys()]
  const places = names.map((name) => HEAD_ORDER.indexOf(name))
  if (places.some((place, i) => place < 0 || place <= (places[i - 1] ?? -1)))
    return 'payExchangeInfoHead 成员或次序不对'
  if (!/^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$/.test(textOf(raw.get('guid'))))
    return 'guid 格式不对'
  const amount = raw.get('totalAmount') ?? ''
  if (!/^\d+(?:\.\d+)?$/.test(amount)) return 'totalAmount 不是数字'
  const { guid: _, ...head } = Object.fromEntries(
    [...raw].map(([name, value]) => [name, name === 'totalAmount' ? value : textOf(value)]),
  )
  const orders: unknown = upload.lists === '' ? [] : JSON.parse(upload.lists)
  const { faults, payment } = checkOriginalPayment({ ...head, orders })
  const [first] = faults
  if (first !== undefined) return `${first.code} ${first.pointer}`
  if (payment.head.ebpCode !== session.ebpCode) return 'ebpCode 与登记不符'
  return payment.orders.some(({ fields }) => fields.orderNo === session.orderNo)
    ? undefined
    : '未包含所调取的订单'
}
