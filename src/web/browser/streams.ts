/** Streams of a page that is left, and of one that the browser brings back as it was. */

/**
 * A page that is left would keep its stream until the server notices, so it is closed. A page that
 * comes back by the browser's own "back" is not loaded anew: it opens one again.
 */
export const listenWhileShown = (open: () => { close(): void }): void => {
  let stream = open()
  addEventListener('pagehide', () => stream.close())
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) stream = open()
  })
}
