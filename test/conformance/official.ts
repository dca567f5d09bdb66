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

/** The official schema that speaks of an entry; import for what goes both ways. */
export const officialReferee = (direction: Message['direction']): Referee => {
  const word = direction === 'export' ? '出口' : '进口'
  const names = readdirSync(schemaFolder)
  const main = names.find((name) => name.includes(word))
  if (main === undefined) throw new Error(`no official schema for ${direction}`)
  const files = Object.fromEntries(
    names.map((name) => [name, new Uint8Array(readFileSync(schemaFolder + name))]),
  )
  return refereeOf(files, main)
}

/** Bytes of the official sample of an entry, undefined where none is published. */
export const officialSample = (code: string): Uint8Array | undefined => {
  const path = `${folder}samples/${code}Message.xml`
  return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined
}
