/**
 * The simulated customs office over a pair of folders, as a client of the exchange on a shared disk
 * would show it: files of the gateway come in through one, replies go out through the other.
 */
import { type FolderReceiverOptions, folderReceiver } from '../wire/folder-receiver.ts'
import { folderTransport } from '../wire/folder-transport.ts'
import { type Pump, pumpReplies } from './pump.ts'
import type { Customs } from './types.ts'

export interface FolderOfficeOptions extends Omit<FolderReceiverOptions, 'folder'> {
  /** Where the gateway writes (its FOLDER_OUT). */
  readonly in: string
  /** Where the gateway reads (its FOLDER_IN). */
  readonly out: string
}

export const openFolderOffice = (customs: Customs, options: FolderOfficeOptions): Pump => {
  const { in: folder, out, self, clock, log } = options
  const receiver = folderReceiver({ folder, self, clock, log })
  const listening = receiver.listen([], async (bytes) => {
    const received = customs.receive(bytes)
    // The file stays where it is, and comes again.
    if (received.kind === 'busy') throw new Error('busy')
    await customs.kept?.()
    // Nobody can be answered; the exchange platform would write of it to whom it knows.
    if (received.kind !== 'taken') log.warn('office.not-taken', { why: received.kind })
  })
  const transport = folderTransport({ name: 'gateway', folder: out, self, clock })
  const pump = pumpReplies(customs, ({ copMsgId, envelope }) => transport.send(copMsgId, envelope))
  return {
    close: async () => {
      await listening
      await Promise.all([receiver.close(), pump.close()])
    },
  }
}
