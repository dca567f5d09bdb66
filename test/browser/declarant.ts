/** A declarant at a gateway with nothing in it: registered by the operator, with a key and somebody who signs in. */
import type { AnyDocument } from '../../src/catalogue/message.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { makeConsignment, syntheticEnterprises } from '../../src/sim/consignments.ts'
import type { ServeProcess } from './serve-process.ts'

const DAY_MS = 86_400_000
const cast = syntheticEnterprises(zones)
const [declarant] = cast.declarants

/** Its n-th synthetic import list, which waits for its companions. */
export const listOf = (n: number, at = new Date()) => {
  const [zone] = zones
  if (zone === undefined) throw new Error('no zones')
  const enterprises = { ...cast, declarants: [declarant] as const }
  return makeConsignment({ n, seed: 7, zone, fate: '', mode: '1210', enterprises, at }).list
}

/** The same list again as a later version. */
export const changedList = (n: number, note: string) => {
  const { InventoryHead, ...rest } = listOf(n, new Date(Date.now() + DAY_MS))
  return { ...rest, InventoryHead: { ...InventoryHead, appType: '2', note } }
}

export const registerDeclarant = async (gateway: ServeProcess, email: string) => {
  const { name, customsCode, creditCode, roles, dxpId } = declarant
  const { enterprise } = await gateway.asOperator<{ enterprise: { id: string } }>(
    '/api/v1/enterprises',
    { name, customsCode, creditCode, roles, dxpId },
  )
  const own = `/api/v1/enterprises/${enterprise.id}`
  const { key } = await gateway.asOperator<{ key: string }>(`${own}/keys`, {
    ...{ name: 'lists', scopes: ['documents:write'] },
  })
  await gateway.asOperator(`${own}/signing-keys`, { algorithm: 'sm2-sm3' })
  return {
    person: await gateway.asOperator<{ email: string; password: string }>(`${own}/members`, {
      ...{ name: '测试', email, role: 'owner' },
    }),
    /** Hands lists in; their ids. */
    handIn: async (documents: readonly AnyDocument[]): Promise<readonly string[]> => {
      const taken = await fetch(`${gateway.url}/api/v1/documents`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'CEB621', documents }),
      })
      if (taken.status !== 200) throw new Error((await taken.text()).slice(0, 1_000))
      // The route's own shape.
      const { results } = (await taken.json()) as { readonly results: readonly { id: string }[] }
      return results.map(({ id }) => id)
    },
  }
}
