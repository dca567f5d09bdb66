/**
 * Compiles `migrations/NNNNNN_name.sql` into `src/store/migrations.gen.ts`, because a Worker has no
 * files to read at run time. Numbers must run from 1 without a gap, so that two branches that both
 * add the next migration meet here and not in somebody's database. Forward only: a mistake is
 * mended by the next number.
 */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Path from the project's root -> the text that file must have. Throws on a misnamed migration. */
export const generateMigrations = async (
  folder: string = fileURLToPath(new URL('../migrations/', import.meta.url)),
): Promise<Map<string, string>> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const entries: string[] = []
  for (const [index, file] of names.entries()) {
    const text = await readFile(`${folder}/${file}`, 'utf8')
    entries.push(entry(file, index + 1, text))
  }
  return new Map([['src/store/migrations.gen.ts', `${HEAD}${entries.join('')}]\n`]])
}

const HEAD = `// Made by scripts/generate-migrations.ts from migrations/*.sql; change those and run it again.

export interface Migration {
  readonly version: number
  readonly name: string
  /** A program that does not know this migration must not run on a database that has it. */
  readonly breaking: boolean
  readonly sql: string
}

export const migrations: readonly Migration[] = [
`

const entry = (file: string, version: number, text: string): string => {
  const name = /^(\d{6})_([a-z][a-z0-9_]*)\.sql$/.exec(file)
  if (name === null) throw new Error(`migrations/${file}: must be named NNNNNN_lower_case.sql`)
  if (Number(name[1]) !== version) {
    throw new Error(`migrations/${file}: number ${version} is missing or taken twice`)
  }
  const sql = text.replaceAll('\r\n', '\n')
  if (sql.trim() === '') throw new Error(`migrations/${file}: is empty`)
  // The runner opens the transaction; one that ends it early would leave half a migration behind.
  if (/^\s*(?:commit|rollback)\b/im.test(sql)) {
    throw new Error(`migrations/${file}: must not end the transaction it runs in`)
  }
  const breaking = /^-- breaking\b/.test(sql)
  const literal = sql.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')
  return `  {\n    version: ${version},\n    name: '${name[2]}',\n    breaking: ${breaking},\n    sql: \`${literal}\`,\n  },\n`
}
