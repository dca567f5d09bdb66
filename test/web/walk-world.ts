/**
 * A gateway whose every text that somebody else may write is an attempt to put markup or script into
 * a page: documents, customs' answers, names of enterprises, people and keys, items of books, offices
 * that sign reports. One enterprise owns it all; another of the same roles is a stranger to it.
 */
import { getDeclaration, headOf } from '../../src/catalogue/index.ts'
import type { AnyDocument, Declaration, FieldRecord, Role } from '../../src/catalogue/message.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { keepClocks } from '../../src/flow/stage-clocks.ts'
import { stamp17 } from '../../src/kernel/clock.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { makeConsignment, type SyntheticEnterprise } from '../../src/sim/consignments.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from '../http/app.ts'
import { customsSays } from '../support/customs-says.ts'
import { type DeskPage, type Reader, signedIn } from '../support/desk.ts'
import { listNumber, makeExportList } from '../support/export-lists.ts'
import { movingClock, START } from '../support/gateway.ts'

/** Out of a text, an attribute in either quote, a script and a title; all call one name. */
export const ATTEMPTS = [
  '"><script>walk()</script>',
  '<img src=x onerror=walk()>',
  "' onfocus='walk()' x='",
  '</textarea></title><svg onload=walk()>',
  "'-walk()-'",
] as const
const [BREAK_OUT] = ATTEMPTS
/** Where no more fits. */
const SHORT_ATTEMPTS = ['"><b walk>', "'><i>", '"><b>', '<b>'] as const

const ROLES: readonly Role[] = [
  ...(['platform', 'merchant', 'payer', 'carrier', 'declarant'] as const),
  ...(['warehouse', 'guarantor', 'bank'] as const),
]
const ROUNDS_MAX = 200
const DAY_MS = 86_400_000
const MONTH_MS = 31 * DAY_MS
/** A field after another is given back its own value until the check takes the document. */
const REPAIRS_MAX = 6

export type World = Awaited<ReturnType<typeof openWorld>>

/** As many texts as tried, and those that the checks would take. */
export interface Tally {
  tried: number
  kept: number
}

export const openWorld = async () => {
  const clock = movingClock(START)
  // Thousands of pages in the time that a reader opens one.
  const env = { RATE_LIMITS: 'read=1000000/10,report=1000000/10,stranger=1000000/10' }
  const app = await testApp({ clock, env, register: 'none' })
  const [zone] = zones
  if (zone === undefined) throw new Error('no zones')
  const { platform, merchants } = app.cast
  const owner = { ...platform, name: `渝关${BREAK_OUT}`, roles: ROLES, zone: zone.code }
  const stranger = { ...merchants[0], roles: ROLES, zone: zone.code }
  const { key, id } = await app.register(owner)
  await app.register(stranger)
  await app.database.db
    .updateTable('enterprise')
    .set({ waits_for_companions: false })
    .where('id', '=', id)
    .execute()
  const world = {
    app,
    clock,
    zone: zone.code,
    owner,
    stranger,
    key,
    id,
    tally: { tried: 0, kept: 0 },
  }
  const people = {
    owner: await signedIn(app, owner),
    stranger: await signedIn(app, stranger),
    operator: await signedIn(app, 'operator'),
    committee: await signedIn(app, 'committee'),
  }
  await trade(world)
  await keepBook(world)
  await furnish(world, people)
  return { ...world, people, close: app.close }
}

interface Site {
  readonly app: TestApp
  readonly clock: ReturnType<typeof movingClock>
  readonly zone: string
  readonly owner: SyntheticEnterprise
  readonly key: string
  readonly id: string
  readonly tally: Tally
}

const settle = async ({ app }: Site): Promise<void> => {
  for (let round = 0; round < ROUNDS_MAX; round += 1) if ((await app.runStages()) === 0) return
  throw new Error('never settles')
}

/** Consignments on their way, refused, released and exported, and an answer that nobody asked for. */
const trade = async (site: Site): Promise<void> => {
  const { app, owner, clock } = site
  const cast = {
    ...{ ...app.cast, platform: owner, payer: owner, carrier: owner },
    merchants: [owner] as const,
    declarants: [owner] as const,
  }
  const [zone] = zones
  if (zone === undefined) throw new Error('no zones')
  const at = clock.now()
  for (const n of [1, 2, 3]) {
    const settings = { n, seed: 7, zone, mode: '1210' as const, enterprises: cast, at }
    const { order, payment, waybill, list } = makeConsignment(settings)
    const ordered = await handIn(site, 'CEB311', order, n)
    await handIn(site, 'CEB411', payment, n)
    await handIn(site, 'CEB511', waybill, n)
    const listed = await handIn(site, 'CEB621', list, n)
    if (n === 1) await answered(site, 'CEB311', '100', ordered)
    if (n === 2) await answered(site, 'CEB621', '800', listed, listNumber('I', n))
  }
  const exported = makeExportList({ n: 9, cast, at })
  await answered(
    site,
    'CEB603',
    '800',
    await handIn(site, 'CEB603', exported, 9),
    listNumber('E', 9),
  )
  await tells(site, Buffer.from(`<a>${ATTEMPTS.join('')}</a>`))
  clock.advance(2 * DAY_MS)
  await keepClocks(app.gateway.flow)
}

const handIn = async (
  site: Site,
  kind: string,
  document: AnyDocument,
  n: number,
): Promise<FieldRecord> => {
  const { app, key, tally } = site
  const entry = getDeclaration(kind)
  const post = async (path: string, made: AnyDocument) => {
    const body = { kind, documents: [made] }
    const answer = await app.fetch(`/api/v1/documents${path}`, json(key, body))
    // The interface's own shape.
    return (await answer.json()) as {
      readonly results?: readonly { readonly id?: string; readonly faults?: readonly Fault[] }[]
      readonly faults?: readonly Fault[]
    }
  }
  const spared = new Set<string>()
  for (let repair = 0; repair < REPAIRS_MAX; repair += 1) {
    const made = attempted(entry, document, n, spared)
    const told = await post('?dryRun=true', made.document)
    const faults = [
      ...(told.results ?? []).flatMap((each) => each.faults ?? []),
      ...(told.faults ?? []),
    ]
    const wrong = faults.filter(({ severity }) => severity === 'error')
    if (wrong.length > 0) {
      // `/documents/0/OrderList/0/qty` and `/OrderList/0/qty` name the same field.
      for (const { pointer } of wrong) spared.add(pointer.split('/').at(-1) ?? '')
      continue
    }
    const taken = await post('', made.document)
    if (taken.results?.[0]?.id === undefined) throw new Error(JSON.stringify(taken))
    tally.tried += made.tried
    tally.kept += made.tried - made.spared
    await settle(site)
    return headRecord(made.document)
  }
  throw new Error(`${kind} is refused whatever is left of it: ${[...spared].join(', ')}`)
}

const headRecord = (document: AnyDocument): FieldRecord => {
  const [head] = Object.values(document)
  // The first group of every kind handed in here is its head.
  return head as FieldRecord
}

/** The same field of the same consignment holds the same attempt in every document, so that they match. */
const attempted = (
  entry: Declaration,
  document: AnyDocument,
  n: number,
  spared: ReadonlySet<string>,
) => {
  const groups = 'groups' in entry.body ? entry.body.groups : {}
  const count = { tried: 0, spared: 0 }
  const record = (fields: (typeof groups)[string]['fields'], values: FieldRecord): FieldRecord =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([name, field]) => {
        const value = values[name]
        const isFree =
          field.kind === 'text' &&
          [field.list, field.values, field.fixed, field.moment, field.identity, field.length].every(
            (bound) => bound === undefined,
          ) &&
          name !== 'guid'
        const attempt = isFree
          ? attemptOf(name, Math.min(field.max ?? 40, field.textMax ?? 40), n)
          : undefined
        if (attempt === undefined) return value === undefined ? [] : [[name, value]]
        count.tried += 1
        if (!spared.has(name)) return [[name, attempt]]
        count.spared += 1
        return value === undefined ? [] : [[name, value]]
      }),
    )
  const made = Object.fromEntries(
    Object.entries(document as Readonly<Record<string, unknown>>).map(([name, group]) => {
      const fields = groups[name]?.fields ?? headOf(entry).fields
      return [
        name,
        Array.isArray(group)
          ? group.map((line) => record(fields, line as FieldRecord))
          : record(fields, group as FieldRecord),
      ]
    }),
  ) as AnyDocument
  return { document: made, ...count }
}

const attemptOf = (name: string, max: number, n: number): string | undefined => {
  const from = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const rotated = ATTEMPTS.map((_, index) => ATTEMPTS[(from + index) % ATTEMPTS.length] ?? '')
  return [...rotated, ...SHORT_ATTEMPTS]
    .map((attempt) => `${attempt}${n}`)
    .find((each) => each.length <= max)
}

const answered = async (
  site: Site,
  kind: string,
  status: string,
  about: FieldRecord,
  invtNo = '',
): Promise<void> => {
  const { clock, owner } = site
  clock.advance(60_000)
  const facts = { ...about, returnInfo: ATTEMPTS.join(' '), ...(invtNo === '' ? {} : { invtNo }) }
  const time = stamp17(clock.now())
  await tells(site, customsSays({ kind, status, time, receiver: owner.dxpId, about: [facts] }))
}

const tells = async (site: Site, body: Uint8Array): Promise<void> => {
  const answer = await site.app.fetch('/api/v1/customs/replies', {
    ...{ method: 'POST', body: new Uint8Array(body) },
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
  })
  if (answer.status !== 202) throw new Error(await answer.text())
  await settle(site)
}

const keepBook = async ({ app, key, zone }: Site): Promise<void> => {
  const emsNo = 'T8012W000001'
  const ask = async (path: string, body: unknown, method = 'POST') => {
    const init = { ...json(key, body), method }
    const answer = await app.fetch(`/api/v1/bonded-books${path}`, init)
    if (!answer.ok) throw new Error(await answer.text())
  }
  await ask('', { emsNo, zone })
  const items = ATTEMPTS.map((gname, index) => ({ itemRecordNo: `A${index}`, gname, unit: '011' }))
  await ask(`/${emsNo}/items`, { items }, 'PUT')
  const movements = `/${emsNo}/movements?kind=entry&number=${encodeURIComponent("'-walk()-'")}`
  await ask(movements, { lines: [{ itemRecordNo: 'A0', qty: '100' }] })
}

type People = Readonly<Record<'owner' | 'stranger' | 'operator' | 'committee', Reader>>

/** What people name by forms: keys, people, a correction, a rehearsal, a report and who signs it. */
const furnish = async (site: Site, { owner, operator, committee }: People): Promise<void> => {
  const { app, clock, id } = site
  const done = (page: DeskPage): DeskPage => {
    if (page.status >= 400) throw new Error(`${page.status} ${page.text.slice(0, 600)}`)
    return page
  }
  const scopes = ['documents:read']
  done(await owner.post('/account/keys', { name: BREAK_OUT, scopes, days: '30' }))
  const hook = { url: 'https://hooks.example.com/yuguan', description: BREAK_OUT }
  done(await owner.post('/account/subscriptions', hook))
  const person = (email: string, role: string) => ({ name: ATTEMPTS[1], email, role })
  done(await owner.post('/account/members', person('walk-1@yuguan.example', 'member')))
  done(
    await operator.post('/operator/accounts/people', person('walk-2@yuguan.example', 'committee')),
  )
  done(await operator.post('/operator/accounts/keys', { name: BREAK_OUT, scopes: ['operator'] }))
  const agent = { ...app.cast.payer, name: `渝关${ATTEMPTS[1]}` }
  await app.register(agent)
  const mandate = {
    agent: agent.customsCode,
    kinds: ['CEB311'],
    zones: [],
    validFrom: '2020-01-01',
  }
  done(await owner.post('/account/mandates', mandate))
  await app.gateway.flow.db
    .insertInto('unknown_code')
    .values({
      ...{ kind: 'CEB621', sort: 'status', code: BREAK_OUT, count: '3', last_reply: id },
      ...{ first_seen: clock.now(), last_seen: clock.now() },
    })
    .execute()
  done(
    await owner.post('/broker/rejections/correct', {
      ...{ kind: 'CEB311', sender: id, how: 'value', field: 'note', value: ATTEMPTS[1] },
    }),
  )
  done(await operator.post('/operator/rehearsals', { times: '2', seconds: '12', confirmed: 'yes' }))
  const month = clock.now().toISOString().slice(0, 7)
  clock.advance(MONTH_MS)
  done(await operator.post('/committee/reports', { month, confirmed: 'yes' }))
  const listed = await committee.get('/committee/reports')
  const sign = listed.dom.querySelector('a[href$="/sign"]')?.getAttribute('href') ?? ''
  done(await committee.post(sign, { confirmed: 'yes', role: BREAK_OUT }))
}
