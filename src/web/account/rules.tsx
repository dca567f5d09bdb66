/** The rules as the enterprise meets them, and its choice of softer ones. */
import type { z } from 'zod'
import type { enterpriseRuleList } from '../../http/rule-schemas.ts'
import type { Problem } from '../desk/api.ts'
import { ProblemNotice } from '../desk/notices.tsx'
import { PageHead } from '../desk/parts.tsx'
import { content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { fill } from '../texts.ts'
import { enterpriseTexts as texts } from './enterprise-texts.ts'
import type { OwnActionAsk, OwnAsk } from './own.ts'

const PATH = '/account/rules'

const pathOf = (enterpriseId: string): string =>
  `/api/v1/enterprises/${encodeURIComponent(enterpriseId)}/rules`

type Rule = z.infer<typeof enterpriseRuleList>['rules'][number]

export const rulesPage = async (ask: OwnAsk, problem?: Problem): Promise<Shown> => {
  const { api, t, lang, enterpriseId } = ask
  const found = await api.get<z.infer<typeof enterpriseRuleList>>(pathOf(enterpriseId))
  if (found.kind === 'problem') return found
  return content(
    t(texts.rules),
    <>
      <PageHead title={t(texts.rules)} note={t(texts.rulesNote)} />
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem} />}
      <DataTable
        lang={lang}
        caption={t(texts.rules)}
        columns={[
          { name: t(texts.rule), cell: (rule) => rule[lang] },
          { name: t(texts.severity), cell: (rule) => <Choice ask={ask} rule={rule} /> },
          { name: t(texts.source), cell: ({ source }) => source, wideOnly: true },
        ]}
        rows={found.value.rules}
      />
    </>,
    problem === undefined ? 200 : 422,
  )
}

const Choice = ({ ask: { t, lang }, rule }: { readonly ask: OwnAsk; readonly rule: Rule }) => {
  const { choices, chosen, usual } = rule
  if (choices.length === 0) return <span>{`${t(texts[rule.severity])} · ${t(texts.firm)}`}</span>
  return (
    <form class="row-form" action={PATH} method="post">
      <input type="hidden" name="rule" value={rule.rule} />
      <select name="severity" aria-label={`${t(texts.severity)}: ${rule[lang]}`}>
        <option value="" selected={chosen === null}>
          {fill(t(texts.usual), { severity: t(texts[usual]) })}
        </option>
        {choices
          .filter((choice) => choice !== usual)
          .map((choice) => (
            <option value={choice} selected={choice === chosen}>
              {t(texts[choice])}
            </option>
          ))}
      </select>
      <button type="submit">{t(texts.choose)}</button>
    </form>
  )
}

export const chooseRule = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, go, enterpriseId } = ask
  const severity = form.text('severity')
  const chosen = await api.put(pathOf(enterpriseId), {
    rules: [{ rule: form.text('rule'), severity: severity === '' ? null : severity }],
  })
  return chosen.kind === 'problem'
    ? rulesPage(ask, chosen.problem)
    : go(PATH, { tone: 'done', text: texts.ruleChosen })
}
