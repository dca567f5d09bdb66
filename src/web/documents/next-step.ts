/**
 * What a reader does next with a document: one sentence, and the act that goes with it. The sentence
 * is the cure of customs' reason where there is one; the acts are those the interface offers.
 */
import { findAct, getDeclaration } from '../../catalogue/index.ts'
import { stageAdvice } from '../../catalogue/stage-advice.ts'
import { allStates, type StateGroup } from '../../catalogue/statuses.ts'
import type { Text } from '../../kernel/fault.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import { type DocumentPlaces, documentPath, formPath } from './places.ts'

export interface NextAct {
  readonly href: string
  readonly name: Text
  /** The likeliest stands out. */
  readonly primary?: boolean
}

export interface NextStepTold {
  readonly sentence: Text
  readonly acts: readonly NextAct[]
}

/** Of a document, as much as the step depends on. */
export interface Standing {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly group: StateGroup
  /** What customs or the rules said, where it stands still. */
  readonly cure: Text | undefined
  /** Numbers customs gave it; without one nothing can be asked about it. */
  readonly numbered: boolean
}

const WAIT: Text = {
  zh: '无需操作，等待下一个回执。',
  en: 'Nothing to do; the next reply is awaited.',
}
const DONE: Text = { zh: '已办结，无需操作。', en: 'Finished; nothing to do.' }
const GONE: Text = {
  zh: '该单证已告终；仍需办理的，换用新的编号重新提交。',
  en: 'This document has come to its end; whatever is still needed goes in anew under another number.',
}
const COMPANIONS: Text = {
  zh: '等待其余单证入库后自动发送；未提交的请对应企业提交。',
  en: 'It is sent by itself once its companions are accepted; whoever owes one hands it in.',
}
const WRONG: Text = {
  zh: '按下列原因更正后重新提交。',
  en: 'Correct what the reason names and hand it in again.',
}
const DIFFERS: Text = {
  zh: '先更正不一致的单证；确认无误的，也可仍按原样发送。',
  en: 'Correct the document that differs; if you are sure of it, send it as it is.',
}

/** Whoever sees a document may hand it in again: it is his own, or his mandate covers it. */
export const nextStepOf = (places: DocumentPlaces, standing: Standing): NextStepTold => ({
  sentence: sentenceOf(standing),
  acts: places.readOnly === true ? [] : actsOf(places, standing),
})

const sentenceOf = ({ state, group, cure }: Standing): Text => {
  if (group === 'done') return DONE
  if (state === 'blocked') return cure ?? DIFFERS
  if (state === 'waiting') return COMPANIONS
  if (cure !== undefined) return cure
  if (state === 'cancelled' || state === 'sent-back') return GONE
  if (state === 'rejected') return WRONG
  if (group === 'under-way') return WAIT
  const known = allStates.find((each) => each === state)
  return known === undefined ? WAIT : stageAdvice[known].cure
}

const actsOf = (places: DocumentPlaces, standing: Standing): readonly NextAct[] => {
  const { id, kind, state, group, numbered } = standing
  const own = documentPath(places, id)
  const entry = getDeclaration(kind)
  const correct = formPath(places, kind, { from: id })
  const acts: NextAct[] = []
  const isOpen = group === 'under-way' || group === 'action-needed'
  if (['rejected', 'forward-failed', 'blocked'].includes(state))
    acts.push({ href: correct, name: texts.correct, primary: true })
  if (state === 'blocked') acts.push({ href: `${own}/send-anyway`, name: texts.sendAnyway })
  if (state === 'undelivered')
    acts.push({ href: `${own}/resend`, name: texts.resend, primary: true })
  if (group === 'done' && entry.trade !== undefined && findAct(kind, 'return') !== undefined)
    acts.push({ href: `${own}/return`, name: texts.return })
  if (isOpen && numbered && findAct(kind, 'cancel') !== undefined)
    acts.push({ href: `${own}/cancel`, name: texts.cancel })
  if (isOpen && state !== 'blocked') acts.push({ href: correct, name: texts.change })
  return acts
}
