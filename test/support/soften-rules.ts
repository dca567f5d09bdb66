/** Lets differences go to customs that the gateway would hold back: a test of refusals needs some. */
import { expect } from 'vitest'
import type { TestApp } from '../http/app.ts'
import { bearer, json } from '../http/app.ts'

/** The softest that the enterprise may choose, of every rule that has a choice. */
export const softenRules = async (test: TestApp, enterpriseId: string): Promise<void> => {
  const path = `/api/v1/enterprises/${enterpriseId}/rules`
  const listed = await test.fetch(path, { headers: bearer(test.operatorKey) })
  const { rules } = (await listed.json()) as { rules: { rule: string; choices: string[] }[] }
  const chosen = rules.flatMap(({ rule, choices }) =>
    choices.includes('warn') ? [{ rule, severity: 'warn' }] : [],
  )
  const put = await test.fetch(path, {
    ...json(test.operatorKey, { rules: chosen }),
    method: 'PUT',
  })
  expect(put.status, await put.text()).toBe(200)
}
