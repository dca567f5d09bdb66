/** Whether a page can be used by everybody, as axe-core sees it in a real browser. */
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
/** What WCAG 2.2 asks for up to AA, and axe's own good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly {
    readonly target: readonly unknown[]
    readonly failureSummary?: string
  }[]
}

/** One line for each thing that is wrong; [] where all is well. Needs the page's script to run. */
export const axeViolations = async (page: Page): Promise<readonly string[]> => {
  // The content policy of the pages allows no script of others; the debugger may bring one in.
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    const { readFile } = await import('node:fs/promises')
    await page.evaluate(await readFile(AXE, 'utf8'))
  }
  const violations = await page.evaluate(async (tags): Promise<readonly Violation[]> => {
    // Put there a line above.
    const { axe } = globalThis as unknown as {
      axe: { run(on: Document, options: object): Promise<{ violations: readonly Violation[] }> }
    }
    return (await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations
  }, TAGS)
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} – ${nodes
        .map(({ target }) => target.join(' '))
        .slice(0, 5)
        .join(', ')}`,
  )
}
