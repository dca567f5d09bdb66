/**
 * A signing driver for tests, as a site would write one: keys lie in files of a folder, the PIN is
 * asked for each time, and SM2 values come in DER, as many devices give them. It shares no code with
 * the gateway: sm-crypto signs for it.
 */
import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sm2 } from 'sm-crypto'

/** Settings: `folder`. A key is `<label>.json` with certificate, privateKey, publicKey and pin. */
export const open = ({ folder }) => {
  if (folder === undefined) throw new Error('the setting folder is missing')
  const find = ({ label, pin }) => {
    const key = JSON.parse(readFileSync(join(folder, `${label}.json`), 'utf8'))
    if (key.pin !== pin) throw new Error(`the PIN ${pin} is wrong`)
    return key
  }
  return {
    certificate: async (key) => find(key).certificate,
    sign: async (key, algorithm, signedInfo) => {
      const { privateKey, publicKey } = find(key)
      if (algorithm === 'rsa-sha1') {
        const der = Buffer.from(privateKey, 'base64')
        return sign(
          'sha1',
          signedInfo,
          createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
        )
      }
      const options = { hash: true, der: true, publicKey }
      return Buffer.from(sm2.doSignature([...signedInfo], privateKey, options), 'hex')
    },
  }
}
