/**
 * The shape of the house as a test: which room may import which, no cycles, no clock, chance or
 * environment in the middle, no long files, nothing left open, nothing foreign named.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const SRC = join(ROOT, 'src')

const ROOMS: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  catalogue: ['kernel'],
  codec: ['kernel', 'catalogue'],
  rules: ['kernel', 'catalogue'],
  signing: ['kernel'],
  store: ['kernel', 'catalogue'],
  reports: ['kernel', 'catalogue', 'codec', 'rules'],
  wire: ['kernel', 'signing'],
  flow: ['kernel', 'catalogue', 'codec', 'rules', 'reports', 'store', 'signing', 'wire'],
  http: ['kernel', 'catalogue', 'codec', 'reports', 'flow', 'store', 'signing'],
  web: ['kernel', 'catalogue', 'codec', 'flow', 'store', 'http'],
  sim: ['kernel', 'catalogue', 'codec', 'signing', 'wire'],
  run: [
    'kernel',
    'catalogue',
    'codec',
    'rules',
    'reports',
    'store',
    'signing',
    'wire',
    'flow',
    'http',
    'web',
    'sim',
  ],
}
const LINES_MAX = 500

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))

const sources = files(SRC).map((path) => ({
  path,
  name: relative(ROOT, path),
  room: relative(SRC, path).split('/')[0] ?? '',
  text: readFileSync(path, 'utf8'),
}))

const importsOf = (source: { path: string; text: string }): string[] =>
  [...source.text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    resolve(dirname(source.path), match[1] ?? ''),
  )

/** Comments say many things; only code is asked. */
const code = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1')

describe('rooms', () => {
  it('import only what the table allows', () => {
    const found = sources.flatMap((source) =>
      importsOf(source)
        .map((target) => relative(SRC, target).split('/')[0] ?? '')
        .filter((room) => room !== source.room && !ROOMS[source.room]?.includes(room))
        .map((room) => `${source.name} imports ${room}`),
    )
    expect(found).toEqual([])
  })

  it('import each other without cycles', () => {
    const graph = new Map(
      sources.map((source) => [
        source.path,
        // Type-only imports are gone at run time and may point back.
        importsOf({
          path: source.path,
          text: source.text.replace(/import type [^;]*?'[^']+'/g, ''),
        }),
      ]),
    )
    const cycles: string[] = []
    const state = new Map<string, 'open' | 'closed'>()
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === 'closed') return
      if (state.get(path) === 'open') {
        cycles.push(
          [...trail.slice(trail.indexOf(path)), path].map((p) => relative(SRC, p)).join(' → '),
        )
        return
      }
      state.set(path, 'open')
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
      state.set(path, 'closed')
    }
    for (const path of graph.keys()) visit(path, [])
    expect(cycles).toEqual([])
  })

  it('take clock, chance and environment from outside', () => {
    const banned = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\./
    const found = sources
      .filter(({ room, name }) => room !== 'run' && name !== 'src/kernel/clock.ts')
      .flatMap(({ name, text }) =>
        code(text)
          .split('\n')
          .filter((line) => banned.test(line))
          .map((line) => `${name}: ${line.trim()}`),
      )
    expect(found).toEqual([])
  })

  it('of engines name no message: what differs is a property of its entry', () => {
    // A sentence may still say "such as CEB311".
    const naming = /['`]CEB\d{3}|from '[^']*catalogue\/messages\//
    const engines = [
      'kernel',
      'codec',
      'rules',
      'signing',
      'store',
      'wire',
      'reports',
      'flow',
      'http',
      'web',
    ]
    const found = sources
      .filter(({ room, name }) => engines.includes(room) && !name.endsWith('.gen.ts'))
      .flatMap(({ name, text }) =>
        code(text)
          .split('\n')
          .filter((line) => naming.test(line))
          .map((line) => `${name}: ${line.trim()}`),
      )
    expect(found).toEqual([])
  })
})

describe('the Worker', () => {
  it('carries no library that needs sockets of Node', () => {
    const byPath = new Map(sources.map((source) => [source.path, source]))
    const reached = new Set<string>([join(SRC, 'run/worker.ts')])
    for (const path of reached)
      for (const next of importsOf(byPath.get(path) ?? { path, text: '' })) reached.add(next)
    expect(reached.size).toBeGreaterThan(50)
    const carriers = [...reached].filter((path) =>
      /['"](amqplib|node:net|node:tls)\b/.test(code(byPath.get(path)?.text ?? '')),
    )
    expect(carriers.map((path) => relative(ROOT, path))).toEqual([])
  })
})

describe('files', () => {
  const everything = [...files(SRC), ...files(join(ROOT, 'test')), ...files(join(ROOT, 'scripts'))]

  it(`have at most ${LINES_MAX} lines`, () => {
    const long = everything
      .filter((path) => !path.endsWith('.gen.ts'))
      .map((path) => [relative(ROOT, path), readFileSync(path, 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > LINES_MAX)
    expect(long).toEqual([])
  })

  it('open with a comment that says what they answer', () => {
    const silent = sources
      .filter(({ text, name }) => !name.endsWith('.gen.ts') && !/^(#!.*\n)?\/\*\*/.test(text))
      .map(({ name }) => name)
    expect(silent).toEqual([])
  })

  it('leave nothing open and no hole in the types', () => {
    const open = new RegExp(
      ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'not ' + 'implemented'].join('|'),
    )
    const hole = /\bas any\b|: any\b|@ts-(ignore|expect-error)/
    const found = sources
      .filter(({ name }) => !name.endsWith('.gen.ts'))
      .flatMap(({ name, text }) =>
        [
          ...text.split('\n').filter((line) => open.test(line)),
          ...code(text)
            .split('\n')
            .filter((line) => hole.test(line)),
        ].map((line) => `${name}: ${line.trim()}`),
      )
    expect(found).toEqual([])
  })

  it('have no lone or skipped test without a reason', () => {
    const found = files(join(ROOT, 'test'))
      .filter((path) => !path.endsWith('tidy.test.ts'))
      .flatMap((path) =>
        readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => /\b(it|test|describe)\.(only|skip)\(/.test(line))
          .map((line) => `${relative(ROOT, path)}: ${line.trim()}`),
      )
    expect(found).toEqual([])
  })
})
