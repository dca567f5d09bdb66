/** Settings: defaults, forms, and all problems at once. */
import { describe, expect, it } from 'vitest'
import { RATE_LIMITS } from '../../src/kernel/limits.ts'
import { readConfig, tellProblems } from '../../src/run/config.ts'

const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  const answer = readConfig(env)
  return answer.kind === 'problems' ? answer.problems.map(({ name }) => name) : []
}

describe('settings', () => {
  it('need none to be given', () => {
    const answer = readConfig({})
    expect(answer).toMatchObject({
      kind: 'config',
      config: {
        host: '127.0.0.1',
        port: 8787,
        dataDir: './data',
        databaseUrl: undefined,
        customsUrl: undefined,
        ...{ amqpUrl: undefined, amqpOutQueue: 'dxp.out', amqpInPrefix: 'dxp.in.' },
        unansweredResendSeconds: 1_800,
        customs179Url: undefined,
        customsAddress: { import: ['DXPEDCCEB0000002'], export: ['DXPEDCCEB0000003'] },
      },
    })
  })

  it('that are empty count as not given', () => {
    expect(problemsOf({ PORT: '', DATABASE_URL: '', CUSTOMS_URL: '' })).toEqual([])
  })

  it('that are wrong are named all at once, each with its cure in both languages', () => {
    const env = {
      DATABASE_URL: 'mysql://x',
      PORT: '70000',
      AUTH_SECRET: 'short',
      CUSTOMS_URL: 'ftp://x',
      CUSTOMS_179_URL: 'ftp://x',
      CUSTOMS_TOKEN: 'short',
      CUSTOMS_IMPORT_ADDRESS: 'not one',
      LOG_LEVEL: 'loud',
      LEASE_SECONDS: '0',
      COMPOSE_LINGER_MS: '1e3',
      PUBLIC_URL: 'yuguan',
      OPERATOR_EMAIL: 'nobody',
      RATE_LIMITS: 'intake=many/10',
      CLIENT_ADDRESS_HEADER: 'X Real IP',
      AMQP_URL: 'http://x',
      AMQP_OUT_QUEUE: 'amq.out',
      AMQP_IN_PREFIX: 'in queue',
      UNANSWERED_RESEND_SECONDS: '-1',
    }
    expect([...problemsOf(env)].sort()).toEqual(Object.keys(env).sort())
    const answer = readConfig(env)
    if (answer.kind !== 'problems') throw new Error('expected problems')
    for (const { text } of answer.problems)
      expect(text.zh.length * text.en.length).toBeGreaterThan(0)
    const told = tellProblems(answer.problems)
    for (const name of Object.keys(env)) expect(told).toContain(name)
  })

  it('change the limits of some classes and leave the others', () => {
    const answer = readConfig({ RATE_LIMITS: 'read=5/2, sign-in=7/60' })
    if (answer.kind !== 'config') throw new Error('expected a config')
    const { intake } = RATE_LIMITS
    expect(answer.config.rateLimits).toMatchObject({
      ...{ intake, read: { points: 5, seconds: 2 }, 'sign-in': { points: 7, seconds: 60 } },
    })
    for (const wrong of ['other=1/1', 'read=0/1', 'read=1/61', 'read', 'constructor=1/1'])
      expect(problemsOf({ RATE_LIMITS: wrong })).toEqual(['RATE_LIMITS'])
  })

  it('never repeat a secret', () => {
    const answer = readConfig({ AUTH_SECRET: 'hunter2', CUSTOMS_TOKEN: 'hunter2' })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
  })

  it('say nothing of a broker’s address, which holds a password', () => {
    const answer = readConfig({ AMQP_URL: 'http://user:hunter2@broker' })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
    expect(problemsOf({ AMQP_URL: 'amqps://user:hunter2@broker/host' })).toEqual([])
  })

  it('want the token of both sides where there is a far side', () => {
    expect(problemsOf({ CUSTOMS_URL: 'http://127.0.0.1:1/' })).toEqual(['CUSTOMS_TOKEN'])
  })

  it('name a link only with the settings that make it', () => {
    for (const CUSTOMS_LINK of ['amqp', 'http', 'folder'])
      expect(problemsOf({ CUSTOMS_LINK })).toEqual(['CUSTOMS_LINK'])
    const AMQP_URL = 'amqp://127.0.0.1'
    expect(problemsOf({ CUSTOMS_LINK: 'folder', AMQP_URL })).toEqual(['CUSTOMS_LINK'])
    expect(problemsOf({ CUSTOMS_LINK: 'amqp', AMQP_URL })).toEqual([])
  })

  it('name both folders or neither, and not one for both', () => {
    expect(problemsOf({ FOLDER_OUT: '/a' })).toEqual(['FOLDER_IN'])
    expect(problemsOf({ FOLDER_IN: '/a' })).toEqual(['FOLDER_OUT'])
    expect(problemsOf({ FOLDER_IN: '/a', FOLDER_OUT: '/a' })).toEqual(['FOLDER_IN'])
    const answer = readConfig({ FOLDER_OUT: '/a', FOLDER_IN: '/b' })
    expect(answer).toMatchObject({ config: { folders: { out: '/a', in: '/b' } } })
  })

  it('name up to five receivers of a direction', () => {
    const five = ['A1', 'B2', 'C3', 'D4', 'E5']
    expect(readConfig({ CUSTOMS_IMPORT_ADDRESS: five.join(', ') })).toMatchObject({
      config: { customsAddress: { import: five, export: ['DXPEDCCEB0000003'] } },
    })
    for (const wrong of ['A1,A1', 'A1,', ',', 'x'.repeat(17), [...five, 'F6'].join()])
      expect(problemsOf({ CUSTOMS_IMPORT_ADDRESS: wrong })).toEqual(['CUSTOMS_IMPORT_ADDRESS'])
  })

  it('name our transfer node with the one messages go to, or neither', () => {
    expect(readConfig({ DXP_NODE: '46000002', DXP_END_NODE: '00000002' })).toMatchObject({
      config: { transferNode: { own: '46000002', end: '00000002' } },
    })
    expect(problemsOf({ DXP_NODE: '46000002' })).toEqual(['DXP_END_NODE'])
    expect(problemsOf({ DXP_END_NODE: '00000002' })).toEqual(['DXP_NODE'])
    expect(problemsOf({ DXP_NODE: '4600002', DXP_END_NODE: '0' })).toEqual(['DXP_NODE'])
    expect(problemsOf({ DXP_NODE: '46000002', DXP_END_NODE: '000000022' })).toHaveLength(1)
  })

  it('name drivers of signing devices, each once, with what stands behind their path', () => {
    const read = readConfig({
      SIGNING_DRIVERS: 'hsm=./hsm.js?slot=1&library=%2Flib.so, ukey=ukey-driver',
    })
    expect(read.kind === 'config' && read.config.signingDrivers).toEqual([
      { name: 'hsm', path: './hsm.js', settings: { slot: '1', library: '/lib.so' } },
      { name: 'ukey', path: 'ukey-driver', settings: {} },
    ])
    for (const wrong of ['hsm', 'hsm=', '=./x.js', 'a=./x.js,a=./y.js', 'A B=./x.js'])
      expect(problemsOf({ SIGNING_DRIVERS: wrong })).toEqual(['SIGNING_DRIVERS'])
  })

  it('cannot be changed afterwards', () => {
    const answer = readConfig({})
    expect(answer.kind === 'config' && Object.isFrozen(answer.config)).toBe(true)
  })
})
