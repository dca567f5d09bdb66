/**
 * The embedded database's thread for tests: Node 20 runs no TypeScript in a worker, so the file is
 * joined into one of JavaScript, as the build does for `dist/`.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** Below node_modules, so that packages are found from there. */
export const cacheFolder = `${root}node_modules/.cache/yuguan`

export const buildEmbeddedWorker = (): Promise<URL> => {
  built ??= buildOnce()
  return built
}

let built: Promise<URL> | undefined

const buildOnce = async (): Promise<URL> => {
  const { outputFiles } = await build({
    entryPoints: [`${root}src/store/embedded-worker.ts`],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    write: false,
  })
  const path = `${cacheFolder}/embedded-worker.js`
  await mkdir(cacheFolder, { recursive: true })
  // Renamed into place: another test file may be starting it at this moment.
  await writeFile(`${path}.${process.pid}`, outputFiles[0]?.contents ?? '')
  await rename(`${path}.${process.pid}`, path)
  return pathToFileURL(path)
}
