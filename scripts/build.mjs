// Builds `dist/`: the command line with one chunk per command, the thread of the embedded database
// and the scripts of the pages. Packages stay outside; only our own files are joined.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

const built = await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'src/run/cli.ts', out: 'yuguan' },
    ...present('src/store/embedded-worker.ts', 'embedded-worker'),
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
  metafile: true,
  logLevel: 'warning',
})

// Chunks of earlier builds go only now: a build never leaves the program without its parts.
const fresh = new Set(Object.keys(built.metafile.outputs))
for (const name of readdirSync(join(root, 'dist/chunks'))) {
  if (!fresh.has(`dist/chunks/${name}`)) rmSync(join(root, 'dist/chunks', name))
}

// Pages load their script and style sheet from /assets; for browsers, with their packages inside.
// Charts are a chunk of their own, fetched after the page stands.
await build({
  absWorkingDir: root,
  entryPoints: ['page', 'docs', 'desk', 'wall'].map((name) => `src/web/browser/${name}.ts`),
  outdir: 'dist/public/assets',
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  splitting: true,
  chunkNames: '[name]-[hash]',
  minify: true,
  sourcemap: true,
  logLevel: 'warning',
})

/** An entry, where its file is there. */
function present(source, out) {
  return existsSync(join(root, source)) ? [{ in: source, out }] : []
}
