/**
 * Numbers that customs gives: to a list its preNo, `B` + date + 9 digits, with the first reply, and
 * its invtNo, customs office + year + direction + 9 digits, from 入库 on (common value rules); to
 * every reply and message a guid.
 */
import type { Declaration, FieldRecord } from '../catalogue/message.ts'
import { date8 } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'

export interface Numbers {
  /** Upper case, unique for the seed. */
  guid(): string
  preNo(at: Date): string
  invtNo(entry: Declaration, echo: FieldRecord, at: Date): string
}

const SERIALS = 1_000_000_000
/** 重庆关区, for a document that names no office. */
const CITY_OFFICE = '8000'

/** Serials start where the seed says, so that an office started anew does not repeat the last one. */
export const createNumbers = (seed: string): Numbers => {
  let serial = Number.parseInt(derivedId('serial', seed).slice(0, 8), 16) % SERIALS
  const next = (): string => {
    serial = (serial + 1) % SERIALS
    return String(serial).padStart(9, '0')
  }
  // A hash for each of ten thousand replies a second would cost more than writing them.
  const prefix = derivedId('guid', seed).toUpperCase().slice(0, 24)
  let count = 0
  return {
    guid: () => {
      count += 1
      return prefix + count.toString(16).toUpperCase().padStart(12, '0')
    },
    preNo: (at) => `B${date8(at)}${next()}`,
    invtNo: (entry, echo, at) => {
      const flag = entry.direction === 'export' ? 'E' : 'I'
      return `${echo.customsCode ?? CITY_OFFICE}${date8(at).slice(0, 4)}${flag}${next()}`
    },
  }
}
