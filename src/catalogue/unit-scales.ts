/**
 * Units of one measure, and how many of the smallest each is: enough to tell a price per gram from a
 * quantity in kilograms. Units of different measures, and units that count, convert into themselves
 * alone. Codes are those of `code-lists/unit.csv`.
 */
const measures: readonly Readonly<Record<string, bigint>>[] = [
  // 克 千克 吨
  { '036': 1n, '035': 1_000n, '070': 1_000_000n },
  // 毫升 升 千升
  { '096': 1n, '095': 1_000n, '063': 1_000_000n },
]

/** How many `to` one `from` is, as a pair `[above, below]`; undefined when the two do not convert. */
export const unitScale = (from: string, to: string): readonly [bigint, bigint] | undefined => {
  if (from === to) return [1n, 1n]
  for (const measure of measures) {
    const [above, below] = [measure[from], measure[to]]
    if (above !== undefined && below !== undefined) return [above, below]
  }
  return undefined
}
