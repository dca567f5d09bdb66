/** A headless Chromium with a folder of its own, so that no run sees another's cookies or cache. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why there is no browser; undefined when there is one. */
export const browserMissing: string | undefined = existsSync(EXECUTABLE)
  ? undefined
  : `no browser at ${EXECUTABLE}; set CHROMIUM to one`

/** How long is waited for what a page is to show: two gateways and two browsers may share the machine. */
export const PATIENCE_MS = 150_000

export interface BrowserOptions {
  readonly width: number
  readonly height: number
  readonly scheme?: 'light' | 'dark'
  readonly script?: boolean
}

export interface OpenBrowser {
  readonly page: Page
  /** What the console and the page complained about, refusals of the content policy among them. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

export const openBrowser = async (options: BrowserOptions): Promise<OpenBrowser> => {
  const folder = await mkdtemp(join(tmpdir(), 'yuguan-browser-'))
  const context: BrowserContext = await chromium.launchPersistentContext(folder, {
    executablePath: EXECUTABLE,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: { width: options.width, height: options.height },
    colorScheme: options.scheme ?? 'light',
    javaScriptEnabled: options.script ?? true,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('requestfailed', (request) => {
    // A page that is left ends its event stream, and lets go of an icon it had not got yet.
    if (!/\/(?:live|icon\.svg)$/.test(request.url())) complaints.push(`failed: ${request.url()}`)
  })
  return {
    page,
    complaints,
    close: async () => {
      await context.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
