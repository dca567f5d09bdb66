/** Error codes of CEB900, which refuses a whole message for its form. None is published. */
import type { ErrorTable } from './table.ts'

export const formatErrors: ErrorTable = {
  kind: 'CEB900',
  codes: [],
  seen: [
    ['-999999', 'data', '报文格式校验失败', 'The form of the message was refused', 'form-refused'],
  ],
}
