/** A progress bar on a terminal; nothing where there is none. */
import { SingleBar } from 'cli-progress'
import type { Meter } from '../../flow/types.ts'

export interface Progress {
  /** Shows the bar towards so many released lists. */
  start(releasedExpected: number): void
  stop(): void
}

const REFRESH_MS = 100

export const createProgress = (meter: Meter, wanted: boolean): Progress => {
  if (!wanted || !process.stdout.isTTY) return { start: () => undefined, stop: () => undefined }
  const bar = new SingleBar({
    format:
      '  {bar} {percentage}%  单证 {taken} → 组报 {composed} → 发送 {sent} → 回执 {replied} → 放行 {released}',
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stdout,
    hideCursor: true,
    fps: 1000 / REFRESH_MS,
  })
  let timer: NodeJS.Timeout | undefined
  const show = (): void => {
    const counts = meter.read()
    bar.update(Math.min(counts.released, bar.getTotal()), { ...counts })
  }
  return {
    start: (releasedExpected) => {
      bar.start(Math.max(releasedExpected, 1), 0, { ...meter.read() })
      timer = setInterval(show, REFRESH_MS)
    },
    stop: () => {
      if (timer === undefined) return
      clearInterval(timer)
      timer = undefined
      show()
      bar.stop()
    },
  }
}
