/** Drivers of signing devices: loaded at the start, or named when they cannot be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { openDevices } from '../../src/run/drivers.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuguan-drivers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const good = fileURLToPath(new URL('../support/signing-driver.mjs', import.meta.url))
const none = join(folder, 'none.mjs')
writeFileSync(none, 'export const close = () => undefined')

describe('drivers of signing devices', () => {
  it('are opened by name with their settings', async () => {
    const devices = await openDevices([{ name: 'hsm', path: good, settings: { folder } }])
    expect([...devices.keys()]).toEqual(['hsm'])
  })

  it.each([
    ['is not there', join(folder, 'nowhere.mjs'), {}],
    ['exports no function open', none, {}],
    ['does not open', good, {}],
  ])('end the start when one %s, and it is named in both languages', async (_, path, settings) => {
    await expect(openDevices([{ name: 'hsm', path, settings }])).rejects.toThrow(
      /签名设备驱动 hsm 无法加载 \/ the signing driver hsm cannot be loaded/,
    )
  })
})
