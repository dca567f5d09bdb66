/**
 * Writes every committed file that is made from another: schemas from the catalogue, the migrations
 * module from its SQL, code lists from their tables. `--check` writes nothing and fails when a file
 * differs from what would be written or lies there without being made any more, so that a stale one
 * turns the build red.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messages } from '../src/catalogue/index.ts'
import { SIGNATURE_SCHEMA_FILE, xsdOf } from '../src/codec/xsd.ts'
import { signatureXsd } from '../src/codec/xsd-signature.ts'
import { generateCodeLists } from './generate-code-lists.ts'
import { generateCodes } from './generate-codes.ts'
import { generateDifferences } from './generate-differences.ts'
import { FIELD_PAGES_FOLDER, generateFieldPages } from './generate-field-pages.ts'
import { generateMigrations } from './generate-migrations.ts'
import { generateReference } from './generate-reference.ts'
import { generateRules } from './generate-rules.ts'

/** Path from the project's root to the text that file must have. */
type Files = ReadonlyMap<string, string>

interface Generator {
  readonly make: () => Files | Promise<Files>
  /** Folder that holds nothing but what this generator makes. */
  readonly owns?: string
}

const generateSchemas = (): Files =>
  new Map([
    ...messages.map((entry) => [`schemas/${entry.code}.xsd`, xsdOf(entry)] as const),
    [`schemas/${SIGNATURE_SCHEMA_FILE}`, signatureXsd()] as const,
  ])

const generators: readonly Generator[] = [
  { make: generateSchemas, owns: 'schemas' },
  { make: generateMigrations },
  { make: generateDifferences },
  { make: generateCodes },
  { make: generateRules },
  { make: generateReference },
  { make: generateCodeLists },
  { make: generateFieldPages, owns: FIELD_PAGES_FOLDER },
]

const root = fileURLToPath(new URL('..', import.meta.url))
const checks = process.argv.includes('--check')
const stale: string[] = []

for (const { make, owns } of generators) {
  const files = await make()
  for (const [path, text] of files) {
    if ((await current(path)) === text) continue
    stale.push(path)
    if (!checks) await write(path, text)
  }
  for (const path of owns === undefined ? [] : await filesIn(owns)) {
    if (files.has(path)) continue
    stale.push(path)
    if (!checks) await rm(join(root, path))
  }
}

if (checks && stale.length > 0) {
  console.error(`Not as generated: ${stale.join(', ')}. Run npm run generate.`)
  process.exitCode = 1
} else if (stale.length > 0) console.log(`Written: ${stale.join(', ')}`)

async function current(path: string): Promise<string | undefined> {
  try {
    return await readFile(join(root, path), 'utf8')
  } catch {
    // A file that is not there yet is as stale as a wrong one.
    return undefined
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(root, folder))
  return names.filter((name) => !name.startsWith('.')).map((name) => `${folder}/${name}`)
}
