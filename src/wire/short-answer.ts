/** Reading the answers of far sides that have little to say: one that goes on and on is let go of. */
import { ANSWER_BYTES_MAX } from '../kernel/limits.ts'

/** The text of an answer; undefined when it is longer than such answers are. */
export const shortText = async (answer: Response): Promise<string | undefined> => {
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop cancels the rest.
  for await (const chunk of answer.body ?? []) {
    length += chunk.length
    if (length > ANSWER_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
