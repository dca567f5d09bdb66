/** The list of zones. A new zone is one file beside this one and one line here. */
import type { Zone } from '../zone.ts'
import { cqFl } from './cq-fl.ts'
import { cqJj } from './cq-jj.ts'
import { cqLlgy } from './cq-llgy.ts'
import { cqNpblc } from './cq-npblc.ts'
import { cqTlblc } from './cq-tlblc.ts'
import { cqTlg } from './cq-tlg.ts'
import { cqWz } from './cq-wz.ts'
import { cqXy } from './cq-xy.ts'
import { cqYc } from './cq-yc.ts'

export const zones: readonly Zone[] = [
  cqLlgy,
  cqXy,
  cqJj,
  cqFl,
  cqWz,
  cqYc,
  cqTlg,
  cqTlblc,
  cqNpblc,
]
