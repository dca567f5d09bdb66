/** A page of ours, read by script: undefined where the answer is none, or leads elsewhere (to the sign-in). */
export const fetchPage = async (url: string): Promise<Document | undefined> => {
  try {
    const answer = await fetch(url, { headers: { accept: 'text/html' } })
    if (!answer.ok || answer.redirected) return undefined
    return new DOMParser().parseFromString(await answer.text(), 'text/html')
  } catch {
    return undefined
  }
}
