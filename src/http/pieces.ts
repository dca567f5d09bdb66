/** An answer that is made piece by piece, as fast as it is taken. */

/**
 * The pieces as a body. Nothing is made ahead of the receiver; when it goes away the maker is told to
 * end, and makes no further piece.
 */
export const bodyOf = (pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await pieces.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      cancel: async () => {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
