/** Puts the first page together as HTML text. */
import { html } from 'hono/html'
import type { StatusView } from '../flow/link-status.ts'
import type { Theme } from './desk/theme.ts'
import { Home, type HomeProps } from './home.tsx'
import { viewHome } from './home-view.ts'
import { Layout } from './layout.tsx'
import { Banner } from './status.tsx'

export type HomePageProps = Omit<HomeProps, 'view'> & {
  readonly version: string
  readonly theme: Theme
  /** How links and queues stand; told only while not all is well. */
  readonly status: StatusView | undefined
}

export const renderHome = ({ version, theme, status, ...props }: HomePageProps) =>
  html`<!doctype html>${(
    <Layout lang={props.lang} path="/" version={version} theme={theme}>
      {status === undefined ? '' : <Banner lang={props.lang} status={status} />}
      <Home {...props} view={viewHome(props.snapshot, props.lang)} />
    </Layout>
  )}`
