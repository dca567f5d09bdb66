/** People at the desks of a running demonstration: the operator adds somebody to an enterprise. */
import type { DemoProcess } from './demo-process.ts'

export interface Person {
  readonly email: string
  readonly password: string
}

let people = 0

/** An owner of the first enterprise that has the role. */
export const personOf = async (demo: DemoProcess, role: string): Promise<Person> => {
  const [, email = '', password = ''] =
    /operator\s+(\S+@\S+)\s+(\S+)/.exec(await demo.finished()) ?? []
  const signed = await fetch(`${demo.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ email, password }),
    headers: { origin: demo.url },
    redirect: 'manual',
  })
  const cookie = signed.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  const headers = { cookie, origin: demo.url, 'content-type': 'application/json' }
  const listed = await fetch(`${demo.url}/api/v1/enterprises?limit=200`, { headers })
  // The interface's own shape.
  const { enterprises } = (await listed.json()) as {
    enterprises: { id: string; roles: string[] }[]
  }
  const found = enterprises.find(({ roles }) => roles.includes(role))
  if (found === undefined) throw new Error(`no enterprise is a ${role}`)
  people += 1
  const made = await fetch(`${demo.url}/api/v1/enterprises/${found.id}/members`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      ...{ name: `测试 ${people}`, email: `browser-${people}@yuguan.example`, role: 'owner' },
    }),
  })
  if (made.status !== 201) throw new Error(await made.text())
  return (await made.json()) as Person
}
