/** How long a stage takes against what is usual. Pure; times are seconds. */

/** What is usual of a stage. */
export interface Usual {
  readonly medianSeconds: number
  readonly p95Seconds: number
}

/** When it is called stuck: a multiple of the usual longest, no sooner than the floor. */
export interface StuckRules {
  readonly factor: number
  readonly floorSeconds: number
  /** Where nothing is known to be usual. */
  readonly unknownSeconds: number
}

export type StageVerdict = 'usual' | 'slow' | 'stuck'

export const stuckAfter = (usual: Usual | undefined, rules: StuckRules): number =>
  usual === undefined
    ? rules.unknownSeconds
    : Math.max(usual.p95Seconds * rules.factor, rules.floorSeconds)

/** Null where nothing is known to be usual and it is not stuck. */
export const judgeStage = (
  spentSeconds: number,
  usual: Usual | undefined,
  rules: StuckRules,
): StageVerdict | null => {
  if (spentSeconds > stuckAfter(usual, rules)) return 'stuck'
  if (usual === undefined) return null
  return spentSeconds > usual.p95Seconds ? 'slow' : 'usual'
}
