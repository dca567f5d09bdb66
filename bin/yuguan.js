#!/usr/bin/env -S node --max-semi-space-size=32
// The command `yuguan`. It starts the built program and says how to build it where that is missing.
// A larger young generation than Node's own: batches of documents live through several collections
// while they are stored, and would be copied each time. The scripts of package.json give the same.
import { existsSync } from 'node:fs'

const program = new URL('../dist/yuguan.js', import.meta.url)
if (!existsSync(program)) {
  console.error('yuguan 尚未构建 / is not built yet: npm run build')
  process.exit(1)
}
const { main } = await import(program.href)
process.exitCode = await main(process.argv.slice(2), process.env)
