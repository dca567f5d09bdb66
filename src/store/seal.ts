/**
 * Sealing of what must not lie open in the database: personal fields, messages, replies, private
 * keys. AES-256-GCM; sealed = head (1 byte: format, top bit when deflated), key id (4), IV (12),
 * ciphertext, tag (16). Head and context are authenticated, so bytes moved to another row or with
 * another flag do not open. Long texts are deflated first: XML shrinks to a tenth.
 */
import { createCipheriv, createDecipheriv, createHmac, hash, randomFillSync } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { SEALED_DEFLATE_BYTES_MIN, SEALED_PLAIN_BYTES_MAX } from '../kernel/limits.ts'
import type { Keyring } from './keyring.ts'

export interface Sealer {
  /** AES-256-GCM under the active key; `context` is authenticated, not stored. */
  seal(plain: Uint8Array, context: string): Uint8Array
  /** Throws when key, context or bytes do not fit. */
  open(sealed: Uint8Array, context: string): Uint8Array
  /** Keyed hash for look-ups by a personal number (HMAC-SHA-256 under a derived key). */
  lookup(value: string): Uint8Array
  /**
   * Keyed hash by which values are compared (SHA-256 behind a derived key that fills its first block);
   * a fifth of what a look-up costs, for every document many times. A number of 48 bits: of a whole
   * hash that of longer texts could be told.
   */
  mark(value: string): number
}

export const createSealer = (keyring: Keyring, nextIv = ivSource()): Sealer => {
  const markKey = createHmac('sha256', keyring.lookupKey).update('marks').digest('hex')
  return {
    ...createSeals(keyring, nextIv),
    lookup: (value) => createHmac('sha256', keyring.lookupKey).update(value, 'utf8').digest(),
    mark: (value) => Number.parseInt(hash('sha256', markKey + value, 'hex').slice(0, 12), 16),
  }
}

const createSeals = (
  keyring: Keyring,
  nextIv: () => Uint8Array,
): Pick<Sealer, 'seal' | 'open'> => ({
  seal: (plain, context) => {
    if (plain.length > SEALED_PLAIN_BYTES_MAX) throw new Error('too long to be sealed')
    const packed = plain.length > SEALED_DEFLATE_BYTES_MIN ? deflateRawSync(plain, FAST) : plain
    const deflated = packed.length < plain.length
    const head = Buffer.alloc(HEAD_BYTES)
    head.writeUInt8(deflated ? FORMAT | DEFLATED : FORMAT, 0)
    head.writeUInt32BE(keyring.active.id, 1)
    const iv = nextIv()
    const cipher = createCipheriv('aes-256-gcm', keyring.active.bytes, iv)
    cipher.setAAD(boundTo(head, context))
    const body = cipher.update(deflated ? packed : plain)
    return Buffer.concat([head, iv, body, cipher.final(), cipher.getAuthTag()])
  },
  open: (sealed, context) => {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length)
    if (bytes.length < HEAD_BYTES + IV_BYTES + TAG_BYTES) throw new Error('sealed bytes cut short')
    const head = bytes.subarray(0, HEAD_BYTES)
    if (((head[0] ?? 0) & ~DEFLATED) !== FORMAT) throw new Error('not a format of sealed bytes')
    const key = keyring.find(head.readUInt32BE(1))
    if (key === undefined) throw new Error('sealed under a data key that DATA_KEY does not hold')
    const iv = bytes.subarray(HEAD_BYTES, HEAD_BYTES + IV_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: TAG_BYTES })
    decipher.setAAD(boundTo(head, context))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const body = decipher.update(bytes.subarray(HEAD_BYTES + IV_BYTES, -TAG_BYTES))
    const packed = Buffer.concat([body, decipher.final()])
    if (((head[0] ?? 0) & DEFLATED) === 0) return packed
    return inflateRawSync(packed, { maxOutputLength: SEALED_PLAIN_BYTES_MAX })
  },
})

const FORMAT = 1
const DEFLATED = 0x80
const HEAD_BYTES = 5
const IV_BYTES = 12
const TAG_BYTES = 16
/** Level 1: on messages a few per cent longer than the default and three times as quick. */
const FAST = { level: 1 } as const

/** IVs cut from random bytes drawn many at a time: one system call serves 341 of them. */
const ivSource = (): (() => Uint8Array) => {
  const pool = Buffer.alloc(4096)
  let used = pool.length
  return () => {
    if (used + IV_BYTES > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += IV_BYTES
    return pool.subarray(used - IV_BYTES, used)
  }
}

const boundTo = (head: Uint8Array, context: string): Uint8Array =>
  Buffer.concat([head, Buffer.from(context, 'utf8')])
