/**
 * When an answer is over: not when its handler returned it, but when its body was read to the end or
 * given up. What an answer holds (a place among uploads, the connections of a Worker) is let go then.
 */

/** The same answer, and when its body has been read to the end or given up. */
export const untilEnd = (
  response: Response,
): { readonly response: Response; readonly ended: Promise<void> } => {
  if (response.body === null) return { response, ended: Promise.resolve() }
  const source = response.body.getReader()
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await source.read()
          if (!done) return controller.enqueue(value)
          controller.close()
        } catch (error) {
          controller.error(error)
        }
        end()
      },
      cancel: async (reason) => {
        end()
        await source.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  return { response: new Response(body, response), ended }
}
