#!/usr/bin/env node
// The command `yuguan`. It starts the built program and says how to build it where that is missing.
import { existsSync } from 'node:fs'

const program = new URL('../dist/yuguan.js', import.meta.url)
if (!existsSync(program)) {
  console.error('yuguan 尚未构建 / is not built yet: npm run build')
  process.exit(1)
}
const { main } = await import(program.href)
process.exitCode = await main(process.argv.slice(2), process.env)
