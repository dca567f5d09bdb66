/** The form of a mandate: an enterprise gives one itself, or the operator registers one for it. */
import { mandateSubjects } from '../../catalogue/mandate-subjects.ts'
import { zones } from '../../catalogue/zones/index.ts'
import type { Text } from '../../kernel/fault.ts'
import { kindNamed } from '../documents/names.ts'
import { type Lang, say } from '../texts.ts'
import type { Problem } from './api.ts'
import { Checks, Field, faultsAt } from './fields.tsx'
import type { FormFields } from './form-fields.ts'

const texts = {
  agent: { zh: '受托企业的代码或编号', en: 'Code or id of the agent' },
  agentHint: {
    zh: '10 位海关编码、18 位统一社会信用代码，或对方账户页上的“企业编号”',
    en: 'Its customs code of 10, its credit code of 18 characters, or the “Enterprise id” on its account page',
  },
  kinds: { zh: '单证类型', en: 'Kinds' },
  zones: { zh: '区域', en: 'Zones' },
  allZones: { zh: '不选即全部区域', en: 'None chosen: all zones' },
  from: { zh: '自', en: 'From' },
  to: { zh: '至', en: 'Until' },
  noEnd: { zh: '留空即无期限', en: 'Left empty: no end' },
} as const satisfies Readonly<Record<string, Text>>

export interface MandateFormProps {
  readonly lang: Lang
  readonly action: string
  readonly title: Text
  readonly note?: Text
  /** What its button says. */
  readonly verb: Text
  /** The form that came back, with what was wrong. */
  readonly form?: FormFields | undefined
  readonly problem?: Problem | undefined
  /** Offered while one types. */
  readonly agents: readonly { readonly agentId: string; readonly agentName: string }[]
  /** yyyy-MM-dd, China. */
  readonly today: string
}

export const MandateForm = (props: MandateFormProps) => {
  const { lang, action, title, note, verb, form, problem, agents, today } = props
  const faults = problem?.faults ?? []
  const known = new Map(agents.map(({ agentId, agentName }) => [agentId, agentName]))
  return (
    <section class="card">
      <h2>{title[lang]}</h2>
      {note === undefined ? '' : <p class="note">{note[lang]}</p>}
      <form class="narrow-form" action={action} method="post">
        <Field
          lang={lang}
          name="agent"
          label={say(texts.agent, lang)}
          hint={say(texts.agentHint, lang)}
          maxlength={64}
          value={form?.text('agent')}
          list="agents"
          autocomplete="off"
          faults={[...faultsAt(faults, '/agentId'), ...faultsAt(faults, '/agentCode')]}
          required
        />
        <datalist id="agents">
          {[...known].map(([id, name]) => (
            <option value={id}>{name}</option>
          ))}
        </datalist>
        <Checks
          lang={lang}
          name="kinds"
          label={say(texts.kinds, lang)}
          values={form?.all('kinds') ?? []}
          choices={mandateSubjects.map((code) => ({ value: code, name: kindNamed(code, lang) }))}
          faults={faultsAt(faults, '/kinds')}
        />
        <Checks
          lang={lang}
          name="zones"
          label={say(texts.zones, lang)}
          hint={say(texts.allZones, lang)}
          values={form?.all('zones') ?? []}
          choices={zones.map((zone) => ({ value: zone.code, name: zone[lang] }))}
          faults={faultsAt(faults, '/zones')}
        />
        <Field
          lang={lang}
          name="validFrom"
          type="date"
          label={say(texts.from, lang)}
          value={form?.text('validFrom') ?? today}
          faults={faultsAt(faults, '/validFrom')}
          required
        />
        <Field
          lang={lang}
          name="validTo"
          type="date"
          label={say(texts.to, lang)}
          hint={say(texts.noEnd, lang)}
          value={form?.text('validTo')}
          faults={faultsAt(faults, '/validTo')}
        />
        <p class="acts">
          <button type="submit" class="primary">
            {verb[lang]}
          </button>
        </p>
      </form>
    </section>
  )
}

/** As `POST /mandates` takes it. */
export const wantedMandate = (form: FormFields, principalId: string) => {
  const [agent, validTo] = [form.text('agent'), form.text('validTo')]
  return {
    principalId,
    ...(isCode(agent) ? { agentCode: agent } : { agentId: agent }),
    ...{ kinds: form.all('kinds'), zones: form.all('zones'), validFrom: form.text('validFrom') },
    validTo: validTo === '' ? null : validTo,
  }
}

/** A customs code or a credit code, by its length; ids are longer. */
const isCode = (text: string): boolean => /^(?:[0-9a-z]{10}|[0-9a-z]{18})$/i.test(text)
