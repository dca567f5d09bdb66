/**
 * How fast signing is, one core: the bare SM2 signature, and whole messages of 100 synthetic lists
 * from canonical text to signed bytes (digest, signature, UTF-8) and from bytes back to a verdict.
 */
import { importList } from '../../catalogue/messages/import-list.ts'
import { writeMessage } from '../../codec/write.ts'
import { createSigningKey, localSigner } from '../../signing/keys.ts'
import { signMessage } from '../../signing/sign.ts'
import { fastestSm2, nativeSm2, sm2KeyPair } from '../../signing/sm.ts'
import type { SigningAlgorithm } from '../../signing/types.ts'
import { verifyMessage } from '../../signing/verify.ts'
import { declarationSamples } from './samples.ts'

export interface SigningFigures {
  readonly name: 'sign'
  /** Who computes SM2 here. */
  readonly sm2: 'openssl' | 'sm-crypto-v2'
  /** Bare SM2 signatures over a SignedInfo. */
  readonly signaturesPerSecond: number
  readonly verificationsPerSecond: number
  readonly messageBytes: number
  /** Messages of 100 lists, from canonical text to signed bytes, and back to a verdict. */
  readonly signedMessagesPerSecond: number
  readonly verifiedMessagesPerSecond: number
  readonly signedDocumentsPerSecondWhenFull: number
  readonly rsaSignedDocumentsPerSecondWhenFull: number
}

/** Takes about as long as said, five figures together. */
export const benchSign = async (milliseconds = 3_000): Promise<SigningFigures> => {
  const keys = sm2KeyPair()
  const sign = fastestSm2.signer(keys)
  const signedInfo = Buffer.alloc(SIGNED_INFO_BYTES, 'x')
  const signature = sign(signedInfo)
  const message = fullMessage()
  const [sm2Signer, rsaSigner] = [signerOf('sm2-sm3'), signerOf('rsa-sha1')]
  const signed = await signMessage(message, sm2Signer)
  const share = milliseconds / 5
  const messages = await rate(share, () => signMessage(message, sm2Signer))
  const rsaMessages = await rate(share, () => signMessage(message, rsaSigner))
  return {
    name: 'sign',
    sm2: fastestSm2 === nativeSm2 ? 'openssl' : 'sm-crypto-v2',
    signaturesPerSecond: await rate(share, () => sign(signedInfo)),
    verificationsPerSecond: await rate(share, () =>
      fastestSm2.verify(keys.publicKey, signedInfo, signature),
    ),
    messageBytes: signed.length,
    signedMessagesPerSecond: messages,
    verifiedMessagesPerSecond: await rate(share, () => verifyMessage(signed)),
    signedDocumentsPerSecondWhenFull: messages * DOCUMENTS,
    rsaSignedDocumentsPerSecondWhenFull: rsaMessages * DOCUMENTS,
  }
}

const DOCUMENTS = 100
/** A canonical SignedInfo is of this size. */
const SIGNED_INFO_BYTES = 900
/** Each figure is the best of several rounds, so that a neighbour on the machine costs less. */
const ROUNDS = 4

/** Runs a second, best of the rounds. */
const rate = async (milliseconds: number, run: () => unknown): Promise<number> => {
  await run()
  let best = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    let runs = 0
    let spent = 0
    while (spent < milliseconds / ROUNDS) {
      await run()
      runs += 1
      spent = performance.now() - start
    }
    best = Math.max(best, (runs * 1_000) / spent)
  }
  return Math.round(best)
}

const signerOf = (algorithm: SigningAlgorithm) =>
  localSigner(
    createSigningKey({
      algorithm,
      subject: '合成测试企业',
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2036-01-01T00:00:00Z'),
      serial: '0300000000000001',
    }),
  )

const fullMessage = () => {
  const lists = declarationSamples(DOCUMENTS).find(({ entry }) => entry.code === importList.code)
  const transfer = { copCode: '5000000006', copName: '合成报关', dxpId: 'DXPENT0000000001' }
  const head = { guid: '00000000-0000-4000-8000-000000000001', trailer: { transfer } }
  return writeMessage(importList, lists?.documents ?? [], head)
}
