/**
 * Somebody for each desk of the demonstration: a seller, a broker, a person of the committee. Their
 * passwords are new with each run, because one can be told only once.
 */
import { findUserByEmail } from '../../store/users.ts'
import type { Gateway } from '../gateway.ts'
import type { DemoEnterprises } from './enterprises.ts'
import { idOf } from './enterprises.ts'

export interface DemoPerson {
  /** What he is, in both languages. */
  readonly what: string
  readonly email: string
  readonly password: string
}

export const makePeople = async (
  gateway: Gateway,
  { cast }: DemoEnterprises,
): Promise<readonly DemoPerson[]> => {
  const wanted = [
    { what: '卖家 / seller', email: 'seller@yuguan.example', name: '演示卖家', of: cast.platform },
    {
      ...{ what: '报关企业 / broker', email: 'broker@yuguan.example', name: '演示报关员' },
      of: cast.declarants[0],
    },
    { what: '管委会 / committee', email: 'committee@yuguan.example', name: '演示管委会' },
  ]
  const people: DemoPerson[] = []
  for (const { what, email, name, of } of wanted) {
    const { userId, password } = await ensureUser(gateway, email, name, of === undefined)
    if (of !== undefined) await gateway.accounts.addMember(await idOf(gateway, of), userId, 'owner')
    people.push({ what, email, password })
  }
  return people
}

const ensureUser = async (
  { accounts, flow }: Gateway,
  email: string,
  name: string,
  isCommittee: boolean,
): Promise<{ readonly userId: string; readonly password: string }> => {
  const made = await accounts.createUser(name, email, isCommittee ? 'committee' : 'user')
  if (made.kind === 'made') return made
  const known = await findUserByEmail(flow.db, email)
  if (known === undefined) throw new Error(`${email} is neither there nor to be made`)
  return { userId: known.id, password: await accounts.resetUser(known.id) }
}
