/** Small parts that the pages of the broker's desk share. */
import type { Child } from 'hono/jsx'
import type { z } from 'zod'
import { zones } from '../../catalogue/zones/index.ts'
import type { clientList, clientNameList } from '../../http/client-schemas.ts'
import type { deadlineList } from '../../http/clock-schemas.ts'
import { Select } from '../desk/fields.tsx'
import type { DocumentPlaces } from '../documents/places.ts'
import { wholeCount } from '../figures.ts'
import { fill, type Lang, say } from '../texts.ts'
import { brokerTexts as texts } from './texts.ts'

export type Clients = z.infer<typeof clientList>
export type Client = Clients['clients'][number]
export type ClientNames = z.infer<typeof clientNameList>
export type ClientName = ClientNames['clients'][number]
export type Deadline = z.infer<typeof deadlineList>['deadlines'][number]

export const BASE = '/broker'

export const places: DocumentPlaces = { base: BASE }

/** The name of a document's client: as registered, else as a document of it said. */
export const clientNames = (clients: readonly Omit<ClientName, 'own'>[]) => {
  const names = new Map(
    clients.flatMap(({ client, customsCode, creditCode, name }) =>
      [client, customsCode, creditCode].map((code) => [code, name]),
    ),
  )
  return ({
    client,
    clientName,
  }: {
    readonly client: string
    readonly clientName: string | null
  }) => clientName ?? names.get(client) ?? client
}

/** The name of an enterprise; its code is told to whoever points at it. */
export const Coded = ({ code, name }: { readonly code: string; readonly name: string }) => (
  <span title={code}>{name}</span>
)

/** A list and its pager, which go on without end where there is script (`desk-endless.ts`). */
export const Endless = ({ lang, children }: { readonly lang: Lang; readonly children: Child }) => (
  <div data-endless data-missing={say(texts.missing, lang)}>
    {children}
  </div>
)

/** `1,000+` where counting ended. */
export const boundedCount = (count: number, countedTo: number, lang: Lang): string =>
  count < countedTo
    ? wholeCount(count)
    : fill(say(texts.more, lang), { count: wholeCount(countedTo) })

export const daysLeft = (days: number, lang: Lang): string =>
  days === 0
    ? say(texts.today, lang)
    : fill(say(days < 0 ? texts.overdue : texts.days, lang), { n: String(Math.abs(days)) })

/** Days that are left, marked when few are. */
export const DaysLeft = ({ lang, days }: { readonly lang: Lang; readonly days: number }) => (
  <span class="days-left" data-near={days < 0 ? 'over' : days <= NEAR_DAYS ? 'near' : undefined}>
    {daysLeft(days, lang)}
  </span>
)

/** As the interface warns of mandates. */
const NEAR_DAYS = 7

export const ClientSelect = ({
  lang,
  clients,
  value,
}: {
  readonly lang: Lang
  readonly clients: readonly ClientName[]
  readonly value: string | undefined
}) => (
  <Select
    lang={lang}
    name="client"
    label={say(texts.client, lang)}
    none={say(texts.allClients, lang)}
    value={value}
    choices={clients.map(({ client, name }) => ({ value: client, name }))}
  />
)

export const ZoneSelect = ({
  lang,
  value,
}: {
  readonly lang: Lang
  readonly value: string | undefined
}) => (
  <Select
    lang={lang}
    name="zone"
    label={say(texts.zone, lang)}
    none={say(texts.all, lang)}
    value={value}
    choices={zones.map((zone) => ({ value: zone.code, name: zone[lang] }))}
  />
)

/** How many of so many rows stand on the pages before this one. */
export const rowsBefore = (cursor: string | undefined, rows: number): number => {
  const wanted = /^\d{1,6}$/.test(cursor ?? '') ? Number(cursor) : 0
  return wanted < rows ? wanted : 0
}
