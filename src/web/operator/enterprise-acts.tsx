/** What is done on the page of one enterprise. A form that is wrong comes back on the page, with what was typed. */
import type { z } from 'zod'
import type { mandateAnswer } from '../../http/mandate-schemas.ts'
import type { keyMade } from '../../http/schemas.ts'
import type { linkChosenAnswer } from '../../http/status-schemas.ts'
import type { memberMade } from '../../http/user-schemas.ts'
import type { ApiProblem } from '../desk/api.ts'
import { wantedMandate } from '../desk/mandate-form.tsx'
import { Confirm } from '../desk/parts.tsx'
import { type ActionAsk, content, type Shown } from '../desk/room.ts'
import { wholeCount } from '../figures.ts'
import { fill } from '../texts.ts'
import { type Returned, showEnterprise } from './enterprise.tsx'
import { ENTERPRISES } from './enterprises.tsx'
import { confirmRevoke, wantedKey } from './keys.tsx'
import { registerTexts as texts } from './register-texts.ts'
import { secretPage } from './secret.tsx'

const own = ({ param }: ActionAsk): string => `${ENTERPRISES}/${encodeURIComponent(param('id'))}`
const api = ({ param }: ActionAsk): string =>
  `/api/v1/enterprises/${encodeURIComponent(param('id'))}`

const back = async (ask: ActionAsk, part: Returned['part'], answer: ApiProblem): Promise<Shown> =>
  answer.status === 404
    ? ask.notFound()
    : showEnterprise(ask, { part, form: ask.form, problem: answer.problem })

const backTo = (ask: ActionAsk) => ({ href: own(ask), name: texts.open })

/** The page says what follows; there is nothing to confirm that the change would lose. */
export const changeAccount = async (ask: ActionAsk): Promise<Shown> => {
  const changed = await ask.api.patch(api(ask), { dxpId: ask.form.text('dxpId').trim() })
  if (changed.kind === 'problem') return back(ask, 'account', changed)
  return ask.go(own(ask), { tone: 'done', text: texts.dxpIdChanged })
}

/** For the enterprise, which gave it on paper. */
export const registerMandate = async (ask: ActionAsk): Promise<Shown> => {
  const wanted = wantedMandate(ask.form, ask.param('id'))
  const given = await ask.api.post<z.infer<typeof mandateAnswer>>('/api/v1/mandates', wanted)
  if (given.kind === 'problem') return back(ask, 'mandate', given)
  const named = { agent: given.value.agentName }
  const { zh, en } = texts.mandateRegistered
  return ask.go(own(ask), { tone: 'done', text: { zh: fill(zh, named), en: fill(en, named) } })
}

export const addMember = async (ask: ActionAsk): Promise<Shown> => {
  const { form, lang } = ask
  const made = await ask.api.post<z.infer<typeof memberMade>>(`${api(ask)}/members`, {
    name: form.text('name'),
    email: form.text('email'),
    role: form.text('role'),
  })
  if (made.kind === 'problem') return back(ask, 'member', made)
  const { email, password } = made.value
  if (password === null) {
    const { zh, en } = texts.memberJoined
    const text = { zh: fill(zh, { email }), en: fill(en, { email }) }
    return ask.go(own(ask), { tone: 'done', text })
  }
  return secretPage({
    lang,
    title: texts.memberMade,
    told: [
      { name: texts.email, text: email },
      { name: texts.password, text: password },
    ],
    back: backTo(ask),
  })
}

export const makeKey = async (ask: ActionAsk): Promise<Shown> => {
  const made = await ask.api.post<z.infer<typeof keyMade>>(`${api(ask)}/keys`, wantedKey(ask.form))
  if (made.kind === 'problem') return back(ask, 'key', made)
  return secretPage({
    lang: ask.lang,
    title: texts.keyMade,
    told: [{ name: texts.key, text: made.value.key }],
    back: backTo(ask),
  })
}

export const revokeKey = async (ask: ActionAsk): Promise<Shown> => {
  const keyId = encodeURIComponent(ask.param('keyId'))
  if (ask.form.text('confirmed') !== 'yes')
    return confirmRevoke(ask, `${own(ask)}/keys/${keyId}/revoke`, own(ask))
  const done = await ask.api.delete(`${api(ask)}/keys/${keyId}`)
  if (done.kind === 'problem') return done.status === 404 ? ask.notFound() : done
  return ask.go(own(ask), { tone: 'done', text: texts.revoked })
}

export const makeSigningKey = async (ask: ActionAsk): Promise<Shown> => {
  const made = await ask.api.post(`${api(ask)}/signing-keys`, {
    algorithm: ask.form.text('algorithm'),
  })
  if (made.kind === 'problem') return back(ask, 'signing-key', made)
  return ask.go(own(ask), { tone: 'done', text: texts.generated })
}

export const retireSigningKey = async (ask: ActionAsk): Promise<Shown> => {
  const { lang, param } = ask
  const name = param('keyName')
  const path = `signing-keys/${encodeURIComponent(name)}`
  if (ask.form.text('confirmed') !== 'yes') {
    const title = fill(texts.retireTitle[lang], { name })
    return content(
      title,
      <Confirm
        lang={lang}
        title={title}
        consequences={[texts.retireWhat[lang]]}
        action={`${own(ask)}/${path}/retire`}
        verb={texts.retire[lang]}
        cancelPath={own(ask)}
      />,
    )
  }
  const done = await ask.api.delete(`${api(ask)}/${path}`)
  if (done.kind === 'problem') return done.status === 404 ? ask.notFound() : done
  return ask.go(own(ask), { tone: 'done', text: texts.retired })
}

export const chooseLink = async (ask: ActionAsk): Promise<Shown> => {
  const { form } = ask
  const link = form.text('link')
  const chosen = await ask.api.post<z.infer<typeof linkChosenAnswer>>(`${api(ask)}/links`, {
    ...{ direction: form.text('direction'), link: link === '' ? null : link },
    moveQueue: form.text('moveQueue') === 'yes',
  })
  if (chosen.kind === 'problem') return back(ask, 'link', chosen)
  const moved = wholeCount(chosen.value.moved)
  const { zh, en } = texts.linkChosen
  const text = { zh: fill(zh, { moved }), en: fill(en, { moved }) }
  return ask.go(own(ask), { tone: 'done', text })
}

export const giveTag = async (ask: ActionAsk): Promise<Shown> => {
  const { form } = ask
  const validTo = form.text('validTo')
  const given = await ask.api.post(`${api(ask)}/tags`, {
    ...{ tag: form.text('tag'), subject: form.text('subject'), validFrom: form.text('validFrom') },
    ...{ confidence: form.text('confidence'), source: form.text('source') },
    validTo: validTo === '' ? null : validTo,
  })
  if (given.kind === 'problem') return back(ask, 'tag', given)
  return ask.go(own(ask), { tone: 'done', text: texts.tagGiven })
}

export const endMandate = async (ask: ActionAsk): Promise<Shown> => {
  const { lang, param } = ask
  const id = encodeURIComponent(param('mandateId'))
  if (ask.form.text('confirmed') !== 'yes')
    return content(
      texts.endTitle[lang],
      <Confirm
        lang={lang}
        title={texts.endTitle[lang]}
        consequences={[texts.endWhat[lang]]}
        action={`${own(ask)}/mandates/${id}/end`}
        verb={texts.end[lang]}
        cancelPath={own(ask)}
      />,
    )
  const done = await ask.api.delete(`/api/v1/mandates/${id}`)
  if (done.kind === 'problem') return done.status === 404 ? ask.notFound() : done
  return ask.go(own(ask), { tone: 'done', text: texts.ended })
}
