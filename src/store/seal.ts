/** Placeholder for the interface; see below. */
export interface Sealer {
  /** AES-256-GCM under the active key; `context` is authenticated, not stored. */
  seal(plain: Uint8Array, context: string): Uint8Array
  /** Throws when key, context or bytes do not fit. */
  open(sealed: Uint8Array, context: string): Uint8Array
  /** Keyed hash for look-ups by a personal number (HMAC-SHA-256 under a derived key). */
  lookup(value: string): Uint8Array
}
