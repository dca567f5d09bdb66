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
  const made = refereeOf(officialFiles(), mainOf(side))
  referees.set(side, made)
  return made
}

const officialFiles = (): Record<string, Uint8Array> =>
  Object.fromEntries(
    readdirSync(schemaFolder).map((name) => [
      name,
      new Uint8Array(readFileSync(schemaFolder + name)),
    ]),
  )

/**
 * The official schema of the transfer node. It includes the one of the terminal node by the name
 * that had in 2018, and libxml2 takes no such name for an address: both get plain ones.
 */
export const transferReferee = (): Referee => {
  const files = officialFiles()
  const textOf = (word: string): string => {
    const [, bytes] = Object.entries(files).find(([name]) => name.includes(word)) ?? []
    if (bytes === undefined) throw new Error(`no official schema named ${word}`)
    return Buffer.from(bytes).toString()
  }
  const transfer = textOf('传输节点').replace('终端节点报文.xsd', 'terminal.xsd')
  const named = { 'transfer.xsd': transfer, 'terminal.xsd': textOf('终端节点') }
  return refereeOf({ ...files, ...named }, 'transfer.xsd')
}

/** Bytes of the official sample of an entry, undefined where none is published. */
export const officialSample = (code: string): Uint8Array | undefined => {
  const path = `${folder}samples/${code}Message.xml`
  return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined
}
