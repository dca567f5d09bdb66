/**
 * Drivers of signing devices that the settings name (`SIGNING_DRIVERS`): modules of the site, loaded
 * when the gateway starts. A driver that cannot be loaded ends the start and is named, because an
 * enterprise would otherwise wait for its signatures without anybody knowing why.
 */
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { OpenDevice, SigningDevice } from '../signing/device.ts'
import type { SigningDriver } from './config.ts'

export type Devices = ReadonlyMap<string, SigningDevice>

export const openDevices = async (drivers: readonly SigningDriver[]): Promise<Devices> => {
  const devices = new Map<string, SigningDevice>()
  for (const { name, path, settings } of drivers) {
    try {
      const open = openOf(await import(specifierOf(path)))
      if (open === undefined) throw new Error('it exports no function open')
      devices.set(name, await open(settings))
    } catch (error) {
      await closeDevices(devices)
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(
        `签名设备驱动 ${name} 无法加载 / the signing driver ${name} cannot be loaded: ${why}`,
        { cause: error },
      )
    }
  }
  return devices
}

export const closeDevices = async (devices: Devices): Promise<void> => {
  for (const device of devices.values()) await device.close?.()
}

/** A path of this machine, or the name of an installed package. */
const specifierOf = (path: string): string =>
  isAbsolute(path) || path.startsWith('.') ? pathToFileURL(resolve(path)).href : path

const openOf = (loaded: unknown): OpenDevice | undefined => {
  const open =
    typeof loaded === 'object' && loaded !== null && 'open' in loaded ? loaded.open : undefined
  return isOpen(open) ? open : undefined
}

/** What a driver's function takes and gives is its author's word; every signature is checked. */
const isOpen = (value: unknown): value is OpenDevice => typeof value === 'function'
