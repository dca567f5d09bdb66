/**
 * The data key of an installation that was given none: `<dataDir>/data.key`, made at the first start
 * and readable by its owner only. Without it the sealed fields of the database cannot be read again,
 * so it belongs into every backup, kept apart from the database's.
 */
import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { DATA_KEY_BYTES } from '../store/keyring.ts'

/** The text for `readKeyring`; one key per line or with commas, newest first. */
export const loadOrCreateKeyFile = async (
  dataDir: string,
): Promise<{ readonly text: string; readonly path: string; readonly created: boolean }> => {
  const path = join(dataDir, 'data.key')
  const found = await readIfThere(path)
  if (found !== undefined) return { text: found, path, created: false }
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const created = await create(dataDir, path)
  // Read back: if another starter was quicker, its key is the one.
  return { text: (await readIfThere(path)) ?? '', path, created }
}

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    const lines = (await readFile(path, 'utf8')).split(/[\s,]+/)
    return lines.filter((line) => line !== '').join(',')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Complete and on the disk before it has its name; a link never replaces an existing file. */
const create = async (dataDir: string, path: string): Promise<boolean> => {
  const making = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(making, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(DATA_KEY_BYTES).toString('base64')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(making, path)
    await syncFolder(dataDir)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(making)
  }
}

/** Some systems do not open folders; then the name reaches the disk a little later. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}
