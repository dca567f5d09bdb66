/** Signing keys of the enterprise: how they stand, when they end, new ones, and taking one out. */
import type { z } from 'zod'
import type { signingKeyList } from '../../http/routes/signing-keys.ts'
import type { Problem } from '../desk/api.ts'
import { Field, faultsAt, Select, TextArea } from '../desk/fields.tsx'
import type { FormFields } from '../desk/form-fields.ts'
import { ProblemNotice } from '../desk/notices.tsx'
import { Confirm, PageHead } from '../desk/parts.tsx'
import { content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { Ends } from './ends.tsx'
import { enterpriseTexts as texts } from './enterprise-texts.ts'
import type { OwnActionAsk, OwnAsk } from './own.ts'

const PATH = '/account/signing'
const ALGORITHMS = [
  { value: 'sm2-sm3', name: 'SM2-SM3' },
  { value: 'rsa-sha1', name: 'RSA-SHA1' },
]

const pathOf = (enterpriseId: string, rest = ''): string =>
  `/api/v1/enterprises/${encodeURIComponent(enterpriseId)}/signing-keys${rest}`

type SigningKey = z.infer<typeof signingKeyList>['signingKeys'][number]

const WHERE = { local: texts.whereLocal, remote: texts.whereRemote, device: texts.whereDevice }

export const signingPage = async (
  ask: OwnAsk,
  problem?: Problem,
  typed?: FormFields,
): Promise<Shown> => {
  const { api, t, lang, enterpriseId } = ask
  const found = await api.get<z.infer<typeof signingKeyList>>(pathOf(enterpriseId))
  if (found.kind === 'problem') return found
  return content(
    t(texts.signing),
    <>
      <PageHead title={t(texts.signing)} note={t(texts.signingNote)} />
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem} />}
      <KeyTable ask={ask} keys={found.value.signingKeys} />
      <MakeForms ask={ask} problem={problem} typed={typed} />
    </>,
    problem === undefined ? 200 : 422,
  )
}

const KeyTable = ({
  ask,
  keys,
}: {
  readonly ask: OwnAsk
  readonly keys: readonly SigningKey[]
}) => {
  const { c, t, lang } = ask
  const now = c.get('deps').flow.clock.now()
  return (
    <DataTable
      lang={lang}
      caption={t(texts.signing)}
      columns={[
        { name: t(texts.certificate), cell: ({ keyName }) => <code>{keyName}</code>, kind: 'code' },
        { name: t(texts.algorithm), cell: ({ algorithm }) => algorithm },
        { name: t(texts.where), cell: ({ kind }) => t(WHERE[kind]) },
        {
          name: t(texts.standing),
          cell: ({ state, warning }) =>
            `${state === 'expired' ? t(texts.expired) : t(texts[state])}${warning === null ? '' : ` · ${warning[lang]}`}`,
        },
        { name: t(texts.expires), cell: ({ notAfter }) => <Ends t={t} iso={notAfter} now={now} /> },
        {
          name: t(texts.act),
          cell: ({ keyName, state }) =>
            state === 'retired' ? (
              ''
            ) : (
              <form action={`${PATH}/${encodeURIComponent(keyName)}/retire`} method="post">
                <button type="submit" aria-label={`${t(texts.retire)} ${keyName}`}>
                  {t(texts.retire)}
                </button>
              </form>
            ),
        },
      ]}
      rows={keys}
      empty={{ title: t(texts.noSigning) }}
    />
  )
}

interface MakeFormsProps {
  readonly ask: OwnAsk
  readonly problem: Problem | undefined
  readonly typed: FormFields | undefined
}

/** A certificate is shown again where something was wrong; a private key never. */
const MakeForms = ({ ask: { t, lang }, problem, typed }: MakeFormsProps) => (
  <>
    <section class="card">
      <h2>{t(texts.makeSigningKey)}</h2>
      <form class="narrow-form" action={PATH} method="post">
        <Select lang={lang} name="algorithm" label={t(texts.algorithm)} choices={ALGORITHMS} />
        <p class="acts">
          <button type="submit" class="primary">
            {t(texts.makeSigningKey)}
          </button>
        </p>
      </form>
    </section>
    <section class="card">
      <h2>{t(texts.importSigningKey)}</h2>
      <p class="note">{t(texts.importNote)}</p>
      <form class="narrow-form" action={PATH} method="post">
        <TextArea
          lang={lang}
          name="certificate"
          label={t(texts.certificate)}
          value={typed?.text('certificate')}
          faults={faultsAt(problem?.faults ?? [], '/certificate')}
          required
        />
        <TextArea
          lang={lang}
          name="privateKey"
          label={t(texts.privateKey)}
          faults={faultsAt(problem?.faults ?? [], '/privateKey')}
          required
        />
        <Field
          lang={lang}
          name="passphrase"
          type="password"
          label={t(texts.passphrase)}
          faults={faultsAt(problem?.faults ?? [], '/passphrase')}
          autocomplete="off"
        />
        <p class="acts">
          <button type="submit" class="primary">
            {t(texts.register)}
          </button>
        </p>
      </form>
    </section>
  </>
)

export const makeSigningKey = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, go, enterpriseId } = ask
  const algorithm = form.text('algorithm')
  const passphrase = form.raw('passphrase')
  const made = await api.post(
    pathOf(enterpriseId),
    algorithm === ''
      ? {
          certificate: form.text('certificate'),
          privateKey: form.text('privateKey'),
          ...(passphrase === '' ? {} : { passphrase }),
        }
      : { algorithm },
  )
  return made.kind === 'problem'
    ? signingPage(ask, made.problem, form)
    : go(PATH, { tone: 'done', text: texts.signingMade })
}

export const retireSigningKey = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, t, lang, param, go, enterpriseId, notFound } = ask
  const keyName = encodeURIComponent(param('keyName'))
  if (form.text('confirmed') !== 'yes') {
    const found = await api.get<z.infer<typeof signingKeyList>>(pathOf(enterpriseId))
    if (found.kind === 'problem') return found
    const key = found.value.signingKeys.find(({ keyName: name }) => name === param('keyName'))
    if (key === undefined || key.state === 'retired') return notFound()
    return content(
      t(texts.retireTitle),
      <Confirm
        lang={lang}
        title={`${t(texts.retireTitle)} ${param('keyName')}`}
        consequences={[t(texts.retireWhy)]}
        action={`${PATH}/${keyName}/retire`}
        verb={t(texts.retire)}
        cancelPath={PATH}
      />,
    )
  }
  const retired = await api.delete(pathOf(enterpriseId, `/${keyName}`))
  if (retired.kind === 'ok') return go(PATH, { tone: 'done', text: texts.signingRetired })
  return retired.status === 404 ? retired : signingPage(ask, retired.problem)
}
