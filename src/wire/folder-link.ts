/**
 * The link over a pair of folders, for enterprises with a client of the exchange on a disk they
 * share with the gateway: what goes to customs is written into one folder, what comes from there is
 * read from the other. Node only.
 */
import { type FolderReceiverOptions, folderReceiver } from './folder-receiver.ts'
import { folderTransport } from './folder-transport.ts'
import type { Link } from './types.ts'

export interface FolderLinkOptions extends Omit<FolderReceiverOptions, 'folder'> {
  /** Where the client picks up what goes to customs. */
  readonly out: string
  /** Where it leaves what customs sends. */
  readonly in: string
}

export const folderLink = ({ out, in: folder, self, clock, log }: FolderLinkOptions): Link => ({
  code: 'folder',
  transport: folderTransport({ name: 'folder', folder: out, self, clock }),
  receiver: folderReceiver({ folder, self, clock, log }),
})
