// Builds `dist/`: the command line with one chunk per command, the thread of the embedded database
// and the scripts of the pages. Packages stay outside; only our own files are joined.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const browserScripts = join(root, 'src/web/browser')

rmSync(join(root, 'dist'), { recursive: true, force: true })

await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'src/run/cli.ts', out: 'yuguan' },
    ...present('src/store/embedded-worker.ts', 'embedded-worker'),
    ...present('src/sim/server.ts', 'sim-server'),
  ],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: true,
  logLevel: 'warning',
})

// Pages load their scripts from /assets; these are for browsers, with their packages inside.
const scripts = existsSync(browserScripts)
  ? readdirSync(browserScripts).filter((name) => /\.tsx?$/.test(name))
  : []
if (scripts.length > 0) {
  await build({
    absWorkingDir: root,
    entryPoints: scripts.map((name) => join(browserScripts, name)),
    outdir: 'dist/assets',
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    minify: true,
    sourcemap: true,
    logLevel: 'warning',
  })
}

/** An entry, where its file is there. */
function present(source, out) {
  return existsSync(join(root, source)) ? [{ in: source, out }] : []
}
