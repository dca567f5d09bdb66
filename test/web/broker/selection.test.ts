/** What refused documents are selected and changed by: addresses, suggestions, tables of values. */
import { describe, expect, it } from 'vitest'
import { troubles } from '../../../src/sim/troubles.ts'
import {
  readTable,
  selectionOf,
  suggestionsFor,
  targetsOf,
} from '../../../src/web/broker/selection.ts'

describe('a selection', () => {
  it('takes its members from an address, blank ones and others left out', () => {
    expect(selectionOf({ kind: 'CEB621', cause: ' ', cursor: 'x', sender: 'a' })).toEqual({
      ...{ kind: 'CEB621', sender: 'a' },
    })
  })
})

describe('what mends a cause', () => {
  it.each(troubles)('is suggested: $cause', ({ cause, change }) => {
    const { kind = 'CEB621', field, from } = change
    expect(
      suggestionsFor(cause, 'CEB621').some(
        (one) => one.kind === kind && one.field === field && one.from === from,
      ),
    ).toBe(true)
  })

  it('begins with the refused document itself', () => {
    expect(suggestionsFor('buyer-phone-differs', 'CEB621')[0]).toEqual({
      ...{ kind: 'CEB621', field: 'buyerTelephone' },
      ...{ from: 'CEB311', fromField: 'buyerTelephone' },
    })
  })

  it('is nothing where the cause names no field, and never a number of a document or a line', () => {
    expect(suggestionsFor('system', 'CEB621')).toEqual([])
    expect(suggestionsFor(undefined, 'CEB621')).toEqual([])
    expect(suggestionsFor('line-count-differs', 'CEB621')).toEqual([])
    const names = targetsOf('CEB621').map(({ name }) => name)
    expect(names).toContain('buyerTelephone')
    expect(names).toContain('InventoryList/gname')
    for (const fixed of ['guid', 'appTime', 'copNo', 'InventoryList/gnum'])
      expect(names).not.toContain(fixed)
  })
})

describe('a table of values', () => {
  it('is read a pair a line', () => {
    expect(readTable('a => b\r\n\n c=>d ')).toEqual({ kind: 'table', mapping: { a: 'b', c: 'd' } })
  })
  it.each([
    ['a', 1],
    ['a => b\n=> c', 2],
    ['a => b => c', 1],
    ['', 1],
  ])('names the line of %j that is no pair', (text, line) => {
    expect(readTable(text)).toEqual({ kind: 'wrong', line })
  })
})
