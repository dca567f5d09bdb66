/** Whether an error means that the database may be back soon: SQLSTATE class 08 and 57P, or a socket that failed. */
export const isDatabaseAway = (error: Error): boolean => {
  const code = 'code' in error ? String(error.code) : ''
  return (
    /^(?:08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/.test(code) ||
    /timeout exceeded when trying to connect|Connection terminated/.test(error.message)
  )
}
