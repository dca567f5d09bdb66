/**
 * What an API key may be allowed. A signed-in member of an enterprise has all of them but
 * `operator`; the operator has them all, though he hands in no documents himself.
 */
export const scopes = ['documents:write', 'documents:read', 'totals:read', 'operator'] as const

export type Scope = (typeof scopes)[number]

/** Scopes a key of an enterprise may have. */
export const enterpriseScopes = ['documents:write', 'documents:read', 'totals:read'] as const

/**
 * Scopes a key of the operator has unless fewer are asked for. With `totals:read` alone it is one for
 * the committee of the zones: every figure opens to it, and nothing else does.
 */
export const operatorScopes = ['operator', 'documents:read', 'totals:read'] as const

export const isScope = (text: string): text is Scope => scopes.some((scope) => scope === text)
