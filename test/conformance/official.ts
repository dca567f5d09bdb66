/**
 * The official schemas and samples, where the folder with them is beside the project. They are
 * read, never copied. Without the folder the suites say so and are skipped.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Message } from '../../src/catalogue/message.ts'
import { type Referee, refereeOf } from '../support/schemas.ts'

const folder = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url))

export const isThere = existsSync(folder)

if (!isThere) console.log(`conformance: skipped, there is no ${folder}`)

const schemaFolder = `${folder}xsd-202205/`

export type Side = 'import' | 'export'

/** The side whose schema speaks of an entry; import for what goes both ways. */
export const sideOf = ({ direction }: Message): Side =>
  direction === 'export' ? 'export' : 'import'

export const speaksOf = (side: Side, entry: Message): boolean => sideOf(entry) === side

/** Text of the official schema of a side, and the file it is in. */
const mainOf = (side: Side): string => {
  const word = side === 'export' ? '出口' : '进口'
  const main = readdirSync(schemaFolder).find((name) => name.includes(word))
  if (main === undefined) throw new Error(`no official schema for ${side}`)
  return main
}

export const officialSchema = (side: Side): string =>
  readFileSync(schemaFolder + mainOf(side), 'utf8').replace(/^\uFEFF/, '')

const referees = new Map<Side, Referee>()

/** The official schema of a side, read once. */
export const officialReferee = (side: Side): Referee => {
  const known = referees.get(side)
  if (known !== undefined) return known
  const names = readdirSync(schemaFolder)
  const files = Object.fromEntries(
    names.map((name) => [name, new Uint8Array(readFileSync(schemaFolder + name))]),
  )
  const made = refereeOf(files, mainOf(side))
  referees.set(side, made)
  return made
}

/** Bytes of the official sample of an entry, undefined where none is published. */
export const officialSample = (code: string): Uint8Array | undefined => {
  const path = `${folder}samples/${code}Message.xml`
  return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined
}
