/** The examples that readers start from are valid by the official schemas too, as XML and in full. */
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { exampleXml } from '../../src/codec/example.ts'
import { dummySignature } from '../support/messages.ts'
import { isThere, officialReferee, sideOf } from './official.ts'

const entries: readonly Message[] = messages

describe.skipIf(!isThere)('examples against the official schemas', () => {
  it.each(entries.map((entry) => [entry.code, entry] as const))('%s', (_code, entry) => {
    for (const variant of ['minimal', 'full'] as const) {
      // The gateway signs what it sends; the example stands before that.
      const closing = entry.sort === 'declaration' ? dummySignature : ''
      const xml = exampleXml(entry, variant).replace(/<\/[^<]+>\s*$/, `${closing}$&`)
      expect(officialReferee(sideOf(entry)).refusal(xml)).toBeUndefined()
    }
  })
})
