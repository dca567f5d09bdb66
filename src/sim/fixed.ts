/** Whole numbers of a small unit as decimal text: fen as yuan, grams as kilograms. */

export const yuan = (fen: number): string => fixed(fen, 2)
export const milli = (thousandths: number): string => fixed(thousandths, 3)

const fixed = (units: number, places: number): string => {
  const digits = String(units).padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}
