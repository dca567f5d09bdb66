/**
 * Numbers that customs gives, by the field they stand in. Known forms: preNo is a letter, the date
 * and 9 digits; invtNo is customs office, year, direction and 9 digits; a tax bill's number is its
 * list's and a count; a declaration's number is built like a list's with a digit for the direction
 * (common value rules, replies as seen). The others have the length of the schema and a made-up form.
 */
import type { Act, Declaration, FieldRecord } from '../catalogue/message.ts'
import { date8 } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'

export interface Numbers {
  /** Upper case, unique for the seed. */
  guid(): string
  /** A number for the field of that name; `facts` are those of the document and given before. */
  give(field: string, entry: Declaration, facts: FieldRecord, at: Date): string
}

const SERIALS = 1_000_000_000
/** 重庆关区, for a document that names no office. */
const CITY_OFFICE = '8000'

/** First letter of a preNo; lists have none of these verbs. */
const PRE_LETTERS: Readonly<Partial<Record<Act['verb'], string>>> = {
  cancel: 'C',
  return: 'T',
  arrive: 'R',
  tally: 'O',
}
const PRE_LETTER_LIST = 'B'
const PRE_LETTER_OTHER = 'P'

/** Letters of the forms that are made up. */
const LETTERS: Readonly<Record<string, string>> = {
  rkdNo: 'K',
  sumNo: 'S',
  declSeqNo: 'U',
  decTmpNo: 'Z',
  decPreNo: 'Y',
}

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
    give: (field, entry, facts, at) => {
      const day = date8(at)
      const place = `${facts.customsCode ?? CITY_OFFICE}${day.slice(0, 4)}`
      switch (field) {
        case 'preNo':
          return `${preLetter(entry)}${day}${next()}`
        case 'invtNo':
          return `${place}${entry.direction === 'export' ? 'E' : 'I'}${next()}`
        case 'entryId':
          return `${place}${entry.direction === 'export' ? '0' : '1'}${next()}`
        case 'taxNo':
          return `${facts.invtNo ?? place + next()}_0`
        case 'entDutyNo':
          // One payment note for all bills of a guarantor and month.
          return `${facts.customsCode ?? CITY_OFFICE}${day.slice(0, 6)}${facts.assureCode ?? ''}`
        default:
          return `${LETTERS[field] ?? PRE_LETTER_OTHER}${day}${next()}`
      }
    },
  }
}

const preLetter = ({ acts }: Declaration): string =>
  acts === undefined ? PRE_LETTER_LIST : (PRE_LETTERS[acts.verb] ?? PRE_LETTER_OTHER)
