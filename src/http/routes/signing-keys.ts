/**
 * Signing keys of an enterprise: made here, handed in as a file, held by a signing service, or held
 * by a device. What lies elsewhere is the operator's to register, because the gateway calls the
 * address he gives from inside his network. Nothing secret is ever told; a key that is taken out keeps
 * its certificate, by which old messages are still understood.
 */
import { z } from '@hono/zod-openapi'
import { type SignerView, signersView } from '../../flow/signers.ts'
import type { Fault } from '../../kernel/fault.ts'
import { CERTIFICATE_BYTES_MAX, SIGNER_PRIORITY, SIGNER_PRIORITY_MAX } from '../../kernel/limits.ts'
import { findEnterprise } from '../../store/accounts.ts'
import {
  insertSigningKey,
  listSigners,
  retireSigningKey,
  type SignerRow,
} from '../../store/signers.ts'
import { inTransaction } from '../../store/transaction.ts'
import { route } from '../route.ts'

const LABEL_LENGTH_MAX = 200
const SECRET_LENGTH_MAX = 500
const ADDRESS_LENGTH_MAX = 500

const signingKeyMade = z
  .object({
    keyName: z.string(),
    kind: z.enum(['local', 'remote', 'device']),
    algorithm: z.enum(['sm2-sm3', 'rsa-sha1']),
    certificate: z.string(),
    notBefore: z.string(),
    notAfter: z.string(),
    priority: z.int(),
  })
  .openapi('SigningKeyMade')

const text = z.object({ zh: z.string(), en: z.string() })

const signingKeyAnswer = signingKeyMade
  .extend({
    subject: z.string(),
    state: z.enum(['ok', 'quarantined', 'expired', 'not-yet', 'retired']),
    since: z.string(),
    failures: z.int(),
    problem: z.string().nullable(),
    ratePerSecond: z.number().nullable(),
    daysLeft: z.int(),
    warning: text.nullable(),
    queueDepth: z.int(),
    drainSeconds: z.number().nullable(),
  })
  .openapi('SigningKey')

export const signingKeyList = z
  .object({ signingKeys: z.array(signingKeyAnswer) })
  .openapi('SigningKeyList')

const priority = z
  .int()
  .min(0)
  .max(SIGNER_PRIORITY_MAX)
  .optional()
  .openapi({ description: '次序,小者优先,默认 100 / order, smallest first, 100 unless told' })
const label = z.string().min(1).max(LABEL_LENGTH_MAX)
const secret = z.string().min(1).max(SECRET_LENGTH_MAX)

const wantedSigningKey = z.union([
  z.strictObject({ algorithm: z.enum(['sm2-sm3', 'rsa-sha1']), priority }).openapi({
    description: '生成新密钥和自签证书 / makes a key with a certificate signed by itself',
  }),
  z
    .strictObject({
      certificate: z.string().min(1).max(CERTIFICATE_BYTES_MAX),
      privateKey: z.string().min(1).max(CERTIFICATE_BYTES_MAX),
      passphrase: secret.optional(),
      priority,
    })
    .openapi({
      description:
        '导入:证书为 PEM 或 Base64 DER;私钥为 PEM(PKCS#8,可加密)、PKCS#8 的 Base64 DER,SM2 也可为 64 位十六进制 / ' +
        'imports: certificate as PEM or base64 DER; private key as PEM (PKCS#8, may be encrypted), base64 PKCS#8 DER, for SM2 also 64 hex digits',
    }),
  z
    .strictObject({
      kind: z.literal('remote'),
      url: z.url({ protocol: /^https?$/ }).max(ADDRESS_LENGTH_MAX),
      keyName: label,
      token: secret,
      priority,
    })
    .openapi({
      description: '签名服务(仅限运营方) / a signing service; for the operator alone',
    }),
  z
    .strictObject({
      kind: z.literal('device'),
      driver: z.string().min(1).max(LABEL_LENGTH_MAX),
      keyName: label,
      pin: secret.optional(),
      priority,
    })
    .openapi({
      description:
        '签名设备,驱动由 SIGNING_DRIVERS 指定(仅限运营方) / a device behind a driver of SIGNING_DRIVERS; for the operator alone',
    }),
])

export const createSigningKeyRoute = route(
  {
    method: 'post',
    path: '/api/v1/enterprises/{id}/signing-keys',
    summary: { zh: '登记签名密钥', en: 'Register a signing key' },
    access: 'enterprise-admin',
    json: wantedSigningKey,
    answers: {
      201: {
        description: { zh: '已登记;私钥不再显示', en: 'Registered; the private key is never told' },
        schema: signingKeyMade,
      },
    },
    problems: ['NOT-FOUND', 'SIGNING-KEY-INVALID', 'SIGNING-KEY-EXISTS', 'SIGNER-FAILED'],
  },
  async ({ c, deps, body, param, identity, refuse, audit }) => {
    const { db, clock, sealer } = deps.flow
    const enterprise = await findEnterprise(db, param('id'))
    if (enterprise === undefined) return refuse('NOT-FOUND')
    if ('kind' in body && !identity().operator) return refuse('SCOPE-MISSING')
    const now = clock.now()
    const { signingKeys } = deps
    const found = 'kind' in body ? await signingKeys.find(elsewhere(body)) : undefined
    if (found?.kind === 'failed') return refuse('SIGNER-FAILED', [trialFault(found.reason)])
    const key =
      found?.key ??
      ('algorithm' in body
        ? signingKeys.create(body.algorithm, enterprise.name, now)
        : 'certificate' in body
          ? signingKeys.read(body)
          : undefined)
    if (key === undefined || key.notAfter <= now)
      return refuse('SIGNING-KEY-INVALID', [signingKeyFault])
    const order = body.priority ?? SIGNER_PRIORITY
    const isAdded = await inTransaction(db, async (trx) => {
      if (!(await insertSigningKey(trx, sealer, enterprise.id, key, now, order))) return false
      const deed = { what: 'signing-key-added', enterpriseId: enterprise.id } as const
      await audit(trx, { ...deed, subject: key.keyName })
      return true
    })
    return isAdded
      ? c.json(told({ kind: 'local', ...key, priority: order }), 201)
      : refuse('SIGNING-KEY-EXISTS')
  },
)

type Wanted = z.infer<typeof wantedSigningKey>

const elsewhere = (body: Extract<Wanted, { readonly kind: string }>) =>
  body.kind === 'remote'
    ? { kind: body.kind, driver: body.url, label: body.keyName, secret: body.token }
    : { kind: body.kind, driver: body.driver, label: body.keyName, secret: body.pin }

export const listSigningKeysRoute = route(
  {
    method: 'get',
    path: '/api/v1/enterprises/{id}/signing-keys',
    summary: { zh: '签名密钥列表', en: 'List signing keys' },
    access: 'enterprise-admin',
    answers: {
      200: {
        description: {
          zh: '签名密钥及其状态,新的在前',
          en: 'Keys and how they stand, the newest first',
        },
        schema: signingKeyList,
      },
    },
  },
  async ({ c, deps, param }) => {
    const views = new Map(
      (await signersView(deps.flow, [param('id')])).map((view) => [view.keyName, view]),
    )
    const rows = await listSigners(deps.flow.db, param('id'))
    return c.json({
      signingKeys: rows.map((row) => ({ ...told(row), ...standing(row, views.get(row.keyName)) })),
    })
  },
)

export const retireSigningKeyRoute = route(
  {
    method: 'delete',
    path: '/api/v1/enterprises/{id}/signing-keys/{keyName}',
    summary: { zh: '停用签名密钥', en: 'Take a signing key out of use' },
    access: 'enterprise-admin',
    answers: {
      204: {
        description: {
          zh: '已停用,私钥、令牌或 PIN 已删除,证书保留;其他进程至多 10 秒后生效',
          en: 'Out of use; what is secret of it is deleted, its certificate is kept. Other processes follow within 10 seconds',
        },
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse, audit }) => {
    const { db, clock } = deps.flow
    const key = { enterpriseId: param('id'), keyName: param('keyName') }
    const isEnded = await inTransaction(db, async (trx) => {
      if (!(await retireSigningKey(trx, key, clock.now()))) return false
      const { enterpriseId, keyName: subject } = key
      await audit(trx, { what: 'signing-key-ended', enterpriseId, subject })
      return true
    })
    return isEnded ? c.body(null, 204) : refuse('NOT-FOUND')
  },
)

type Told = Pick<
  SignerRow,
  'keyName' | 'kind' | 'algorithm' | 'certificate' | 'notBefore' | 'notAfter' | 'priority'
>

/** Named one by one: a row holds secrets. */
const told = (key: Told) => ({
  keyName: key.keyName,
  kind: key.kind,
  algorithm: key.algorithm,
  certificate: key.certificate,
  notBefore: key.notBefore.toISOString(),
  notAfter: key.notAfter.toISOString(),
  priority: key.priority,
})

/** One that is out of use has no view. */
const standing = (row: SignerRow, view: SignerView | undefined) => ({
  subject: view?.subject ?? '',
  state: view?.state ?? ('retired' as const),
  since: view?.since ?? (row.retiredAt ?? row.createdAt).toISOString(),
  failures: view?.failures ?? 0,
  problem: view?.problem ?? null,
  ratePerSecond: view?.ratePerSecond ?? null,
  daysLeft: view?.daysLeft ?? 0,
  warning: view?.warning ?? null,
  queueDepth: view?.queueDepth ?? 0,
  drainSeconds: view?.drainSeconds ?? null,
})

const signingKeyFault: Fault = {
  code: 'SIGNING-KEY-PAIR',
  pointer: '',
  severity: 'error',
  text: {
    zh: '证书或私钥无法读取、口令不对、证书已过期,或两者不配对',
    en: 'Certificate or private key cannot be read, the passphrase is wrong, the certificate has ended, or the two do not belong together',
  },
  cure: {
    zh: '证书和私钥用 PEM 或 Base64 DER(PKCS#8);SM2 私钥也可用 64 位十六进制;加密的 PEM 须给出 passphrase',
    en: 'Both as PEM or base64 DER (PKCS#8); an SM2 key also as 64 hex digits; an encrypted PEM needs its passphrase',
  },
}

const trialFault = (reason: string): Fault => ({
  code: 'SIGNER-TRIAL',
  pointer: '',
  severity: 'error',
  text: { zh: `试签失败:${reason}`, en: `The trial failed: ${reason}` },
  cure: {
    zh: '检查地址或驱动名、密钥名、令牌或 PIN,以及证书是否属于该密钥',
    en: 'Check address or driver, key name, token or PIN, and that the certificate is that of the key',
  },
})
