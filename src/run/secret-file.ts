/**
 * The secret that signs sessions, for an installation that was given none: `<dataDir>/auth.secret`,
 * made at the first start and readable by its owner only. Losing it signs everybody out and does no
 * other harm.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const SECRET_BYTES = 32

export const loadOrCreateAuthSecret = async (dataDir: string): Promise<string> => {
  const path = join(dataDir, 'auth.secret')
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  try {
    await writeFile(path, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, {
      flag: 'wx',
      mode: 0o600,
    })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return (await readFile(path, 'utf8')).trim()
}
