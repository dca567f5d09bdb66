/** Puts the first page together as HTML text. */
import { html } from 'hono/html'
import { Home, type HomeProps } from './home.tsx'
import { viewHome } from './home-view.ts'
import { Layout } from './layout.tsx'

export type HomePageProps = Omit<HomeProps, 'view'> & { readonly version: string }

export const renderHome = ({ version, ...props }: HomePageProps) =>
  html`<!doctype html>${(
    <Layout lang={props.lang} path="/" version={version}>
      <Home {...props} view={viewHome(props.snapshot, props.lang)} />
    </Layout>
  )}`
