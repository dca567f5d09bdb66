/** How the live counts are written; shared by the server and the browser. */
import type { MeterStep } from '../flow/types.ts'
import { wholeCount } from './figures.ts'

/** The steps in the order documents take them. */
export const STEPS: readonly MeterStep[] = ['taken', 'composed', 'sent', 'replied', 'released']

export const flowFigure = (count: number): string => wholeCount(count)

/** One digit after the point below ten, none above. */
export const flowRate = (rate: number): string =>
  rate < 10 && !Number.isInteger(rate) ? rate.toFixed(1) : wholeCount(Math.round(rate))
