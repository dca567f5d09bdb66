/** Who is added, and as what: name, e-mail and role, of an enterprise and of the gateway alike. */
import type { Text } from '../../kernel/fault.ts'
import type { Lang } from '../texts.ts'
import type { Problem } from './api.ts'
import { type Choice, Field, faultsAt, Select } from './fields.tsx'
import type { FormFields } from './form-fields.ts'
import { deskTexts as texts } from './texts.ts'

export interface PersonFormProps {
  readonly lang: Lang
  readonly action: string
  /** Heading, and what its button says. */
  readonly title: Text
  /** The first is chosen. */
  readonly roles: readonly Choice[]
  /** The form that came back, with what was wrong. */
  readonly form?: FormFields | undefined
  readonly problem?: Problem | undefined
}

export const PersonForm = ({ lang, action, title, roles, ...told }: PersonFormProps) => {
  const faults = told.problem?.faults ?? []
  return (
    <form class="card" action={action} method="post">
      <h2>{title[lang]}</h2>
      <Field
        lang={lang}
        name="name"
        id="member-name"
        label={texts.personName[lang]}
        required
        maxlength={100}
        value={told.form?.text('name')}
        faults={faultsAt(faults, '/name')}
      />
      <Field
        lang={lang}
        name="email"
        id="member-email"
        type="email"
        label={texts.personEmail[lang]}
        required
        maxlength={200}
        value={told.form?.text('email')}
        faults={faultsAt(faults, '/email')}
      />
      <Select
        lang={lang}
        name="role"
        id="member-role"
        label={texts.personRole[lang]}
        value={told.form?.text('role')}
        choices={roles}
        faults={faultsAt(faults, '/role')}
      />
      <p class="acts">
        <button type="submit" class="primary">
          {title[lang]}
        </button>
      </p>
    </form>
  )
}
