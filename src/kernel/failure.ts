/**
 * What may be told of an error of our own: what kind it is and where it rose. Never its message,
 * which may quote a stored value and with it somebody's name.
 */
export const failureFacts = (problem: unknown): Readonly<Record<string, unknown>> => {
  if (!(problem instanceof Error)) return { reason: typeof problem }
  const at = (problem.stack ?? '').split('\n').find((line) => /^\s+at /.test(line))
  return {
    reason: problem.name,
    ...('code' in problem ? { code: problem.code } : {}),
    at: at?.trim(),
  }
}
