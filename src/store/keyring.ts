/**
 * The data keys: 32 random bytes each, newest first. The first seals, all of them open, so a new key
 * is put in front and the old ones stay until nothing sealed under them is left. From each key the
 * ones really used are derived, one per purpose.
 */
import { hkdfSync } from 'node:crypto'

export interface SealingKey {
  /** Four bytes that name the key in what it sealed; they tell nothing of the key. */
  readonly id: number
  readonly bytes: Uint8Array
}

export interface Keyring {
  readonly active: SealingKey
  /** Undefined when the key was taken out of the ring. */
  find(id: number): SealingKey | undefined
  readonly lookupKey: Uint8Array
}

export const DATA_KEY_BYTES = 32

/** Reads comma-separated base64 keys, newest first. Throws; the text names the position, never the key. */
export const readKeyring = (text: string): Keyring => {
  const raw = text.split(',').map((part, index) => readKey(part.trim(), index + 1))
  const keys = raw.map((key) => ({
    id: Buffer.from(derive(key, 'id', 4)).readUInt32BE(),
    bytes: derive(key, 'seal', DATA_KEY_BYTES),
  }))
  const byId = new Map(keys.map((key) => [key.id, key]))
  if (byId.size < keys.length) throw new Error('DATA_KEY: 有重复的密钥。 A key is there twice.')
  const [active] = keys
  const oldest = raw.at(-1)
  if (active === undefined || oldest === undefined) throw new Error('DATA_KEY is empty.')
  return {
    active,
    find: (id) => byId.get(id),
    // Of the oldest key: look-up hashes are stored beside the rows and compared with new ones, so
    // they must not change when a key is added. Taking the oldest key out needs new hashes.
    lookupKey: derive(oldest, 'lookup', DATA_KEY_BYTES),
  }
}

const readKey = (text: string, position: number): Uint8Array => {
  const key = Buffer.from(text, 'base64')
  // Node's decoder skips what it does not know; the way back shows whether it did.
  const back = key.toString('base64').replace(/=+$/, '')
  const given = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  if (key.length === DATA_KEY_BYTES && back === given) return key
  throw new Error(
    `DATA_KEY: 第 ${position} 个密钥不是 32 字节的 base64。 ` +
      `Key ${position} is not 32 bytes in base64; make one with: openssl rand -base64 32`,
  )
}

const derive = (key: Uint8Array, purpose: string, bytes: number): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), `yuguan ${purpose}`, bytes))
