/**
 * The slot for signing devices: 服务器密码机, USB keys, whatever has a driver. A driver is a module
 * outside this project; the composition root loads those that the settings name and hands them in by
 * name. It is given the PIN with each call, because the PIN lies sealed in the database and nowhere
 * else.
 */
import type { SigningAlgorithm } from './types.ts'

export interface DeviceKey {
  /** What the device knows the key by: a container, an index, a label. */
  readonly label: string
  /** Secret; undefined where the device asks for none. */
  readonly pin: string | undefined
}

export interface SigningDevice {
  /** The certificate of a key as base64 DER or PEM. */
  certificate(key: DeviceKey): Promise<string>
  /**
   * Signs the canonical SignedInfo as it is; the device digests it. SM2: SM3 with Z value of the user
   * id 1234567812345678, r‖s or DER. RSA: PKCS#1 v1.5 over SHA-1.
   */
  sign(key: DeviceKey, algorithm: SigningAlgorithm, signedInfo: Uint8Array): Promise<Uint8Array>
  close?(): Promise<void>
}

/** What the settings say behind the path of a driver: `name=path?slot=1&library=…`. */
export type DriverSettings = Readonly<Record<string, string>>

/** What a driver module exports under the name `open`. */
export type OpenDevice = (settings: DriverSettings) => SigningDevice | Promise<SigningDevice>
