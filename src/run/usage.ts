/**
 * What commands share at the terminal: settings or their problems, a wrong command line, and a
 * database opened for one errand.
 */
import { type Config, type Environment, readConfig, tellProblems } from './config.ts'

/** The command line is wrong: the message says how, the usage line is added by `main`. */
export class UsageError extends Error {}

/** Settings that are wrong end the command with all of them named. */
export const configOf = (env: Environment): Config => {
  const answer = readConfig(env)
  if (answer.kind === 'problems') throw new Error(tellProblems(answer.problems))
  return answer.config
}

/** A list from `--roles a,b`. */
export const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))
