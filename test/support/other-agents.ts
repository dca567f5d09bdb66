/** Cancellations and returns as another agent files them. Enterprises are synthetic. */
import { getDeclaration } from '../../src/catalogue/index.ts'
import { withHead } from '../../src/codec/document.ts'
import { type ActionRequest, type ActionVerb, act } from '../../src/flow/actions.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { derivedId } from '../../src/kernel/ids.ts'
import type { TestGateway } from './gateway.ts'

export interface FiledAct {
  readonly id: string
  readonly kind: string
  readonly agentCode: string
  /** Its own number, under the name that its kind gives it. */
  readonly facts: Readonly<Record<string, string>>
}

export interface Filing {
  readonly verb: ActionVerb
  /** The list, and its own agent. */
  readonly list: { readonly id: string; readonly agentCode: string }
  readonly request: ActionRequest
  /** Files in the name of a merchant who is not the list's. */
  readonly isStranger?: boolean
}

/** What the list's agent would file, as a declarant who is not hands it in; undefined where that is refused. */
export const madeByAnother = async (
  { deps, cast }: TestGateway,
  { verb, list, request, isStranger = false }: Filing,
) => {
  const by = cast.declarants.find(({ customsCode }) => customsCode !== list.agentCode)
  if (by === undefined) throw new Error('one declarant is not enough')
  const own = { enterpriseId: list.agentCode }
  const answer = await act(deps, own, verb, list.id, request, { dryRun: true })
  const kind = answer.kind === 'handed-in' ? answer.results[0]?.kind : undefined
  if (answer.kind !== 'handed-in' || kind === undefined) return undefined
  const entry = getDeclaration(kind)
  const [numberField] = entry.key
  const number = `A${deps.ids.next().replaceAll('-', '').slice(-17)}`
  const stranger = { ebcCode: by.customsCode, ebcName: by.name }
  const document = withHead(entry, answer.document, {
    ...{ guid: derivedId(number).toUpperCase(), [numberField]: number },
    ...{ agentCode: by.customsCode, agentName: by.name, ...(isStranger ? stranger : {}) },
  })
  return { kind, document, agentCode: by.customsCode, facts: { [numberField]: number } }
}

/** The same, handed in although our state may speak against it. */
export const fileByAnother = async (
  gateway: TestGateway,
  filing: Filing,
): Promise<FiledAct | undefined> => {
  const made = await madeByAnother(gateway, filing)
  if (made === undefined) return undefined
  const { kind, document, agentCode, facts } = made
  const taken = await takeDocuments(gateway.deps, { enterpriseId: agentCode }, [
    { kind, document, regardless: true },
  ])
  const id = taken.kind === 'taken' ? taken.results[0]?.id : undefined
  if (id === undefined) throw new Error(JSON.stringify(taken))
  return { id, kind, agentCode, facts }
}

/** What the list's own agent files; undefined where that is refused. */
export const fileItself = async (
  { deps }: TestGateway,
  { verb, list, request }: Filing,
): Promise<FiledAct | undefined> => {
  const { agentCode } = list
  const answer = await act(deps, { enterpriseId: agentCode }, verb, list.id, request)
  const [{ id, kind } = {}] = answer.kind === 'handed-in' ? answer.results : []
  if (answer.kind !== 'handed-in' || id === undefined || kind === undefined) return undefined
  const document = Object(answer.document)
  const { copNo, coElNo } = document.InvtRefundHead ?? document.InvtCancel ?? document
  return { id, kind, agentCode, facts: coElNo === undefined ? { copNo } : { coElNo } }
}
