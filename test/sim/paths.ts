/** Walks the path to a document of any kind against an office under test. */
import type { AnyDocument, Declaration } from '../../src/catalogue/message.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { keyOf } from '../../src/codec/document.ts'
import type { Declared } from '../../src/sim/afterwards.ts'
import { createPath } from '../../src/sim/paths.ts'
import type { CustomsOptions } from '../../src/sim/types.ts'
import { type Arrived, enterprises, testOffice } from './office.ts'

export interface Walked {
  readonly office: ReturnType<typeof testOffice>
  readonly made: ReadonlyMap<string, AnyDocument>
  readonly arrived: readonly Arrived[]
}

/** Every document is handed in when what went before has been answered. */
export const walk = async (
  entry: Declaration,
  fate = '',
  options: Partial<CustomsOptions> = {},
): Promise<Walked> => {
  const office = testOffice(options)
  const [zone] = zones
  if (zone === undefined) throw new Error('no zone')
  const at = office.clock.now()
  const path = createPath(entry, { n: 1, seed: 1, zone, enterprises, at, fate })
  const before = new Map<string, Declared>()
  const made = new Map<string, AnyDocument>()
  const arrived: Arrived[] = []
  for (const each of path.kinds) {
    const document = path.make(each.code, before)
    made.set(each.code, document)
    await office.send(each.code, [document])
    arrived.push(...office.settle())
    const { given = {} } = office.customs.books().document(each.code, keyOf(each, document)) ?? {}
    before.set(each.code, { entry: each, document, given })
  }
  return { office, made, arrived }
}
