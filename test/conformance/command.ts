/** `yuguan parse` and `yuguan build` as functions: files in, what they print out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { main } from '../../src/run/cli.ts'

export interface Printed {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Commands {
  readonly run: (...argv: readonly string[]) => Promise<Printed>
  /** Path of a file with this content. */
  readonly file: (name: string, content: string | Uint8Array) => string
  /** `parse X.xml > x.json && build x.json`. */
  readonly thereAndBack: (
    xml: string | Uint8Array,
    ...options: readonly string[]
  ) => Promise<Printed>
  readonly close: () => void
}

export const openCommands = (): Commands => {
  const folder = mkdtempSync(join(tmpdir(), 'yuguan-conformance-'))
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const run = async (...argv: readonly string[]): Promise<Printed> => {
    const [out, err]: [string[], string[]] = [[], []]
    const spies = [
      vi.spyOn(console, 'log').mockImplementation((text) => out.push(`${text}\n`)),
      vi.spyOn(console, 'error').mockImplementation((text) => err.push(`${text}\n`)),
      vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0),
    ]
    try {
      return { code: await main(argv, {}), out: out.join(''), err: err.join('') }
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
  }
  return {
    run,
    file,
    thereAndBack: async (xml, ...options) => {
      const parsed = await run('parse', file('x.xml', xml))
      if (parsed.code !== 0) return parsed
      return run('build', file('x.json', parsed.out), ...options)
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
