/** The key file of a first start: made once, whole, for its owner only. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { loadOrCreateKeyFile } from '../../src/run/key-file.ts'
import { readKeyring } from '../../src/store/keyring.ts'

const folders: string[] = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'yuguan-key-'))
  folders.push(made)
  return made
}
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true })
})

it('makes a key that the keyring takes, readable by its owner only', async () => {
  const dataDir = join(folder(), 'data')
  const made = await loadOrCreateKeyFile(dataDir)
  expect(made.created).toBe(true)
  expect(statSync(made.path).mode & 0o777).toBe(0o600)
  expect(readKeyring(made.text).active.bytes.length).toBe(32)
  expect(await loadOrCreateKeyFile(dataDir)).toEqual({ ...made, created: false })
})

it('gives twenty starters at once the same key and leaves nothing else behind', async () => {
  const dataDir = folder()
  const all = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateKeyFile(dataDir)))
  expect(new Set(all.map((one) => one.text)).size).toBe(1)
  expect(all.filter((one) => one.created)).toHaveLength(1)
  expect(readdirSync(dataDir)).toEqual(['data.key'])
})

it('reads several keys, one per line', async () => {
  const dataDir = folder()
  const keys = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')]
  writeFileSync(join(dataDir, 'data.key'), `${keys.join('\n')}\n`)
  expect((await loadOrCreateKeyFile(dataDir)).text).toBe(keys.join(','))
})
