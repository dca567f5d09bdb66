/** What went wrong, made readable: refusals of the interface and the faults they name. */
import type { Fault, Text } from '../../kernel/fault.ts'
import { type Lang, say } from '../texts.ts'
import type { Problem } from './api.ts'
import { deskTexts as texts } from './texts.ts'

/** A fault as the interface tells it. */
export type ToldFault = Pick<Fault, 'code' | 'pointer' | 'text' | 'cure'> & {
  readonly severity?: string
  readonly values?: Readonly<Record<string, string>> | undefined
}

/** `/OrderHead/orderNo` as a reader finds it: `OrderHead › orderNo`; the n-th line as people count. */
export const placeOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? `#${Number(part) + 1}` : part))
    .join(' › ')

export const FaultList = ({
  lang,
  faults,
  caption,
  hrefOf = () => undefined,
}: {
  readonly lang: Lang
  readonly faults: readonly ToldFault[]
  readonly caption?: Text
  /** Where a place is filled in on this page. */
  readonly hrefOf?: (pointer: string) => string | undefined
}) =>
  faults.length === 0 ? null : (
    <section class="faults" aria-label={say(caption ?? texts.faults, lang)}>
      <ul>
        {faults.map(({ code, pointer, severity, text, cure, values }) => (
          <li data-severity={severity ?? 'error'}>
            <p class="fault-text">
              <span class="fault-kind">
                {say(severity === 'warning' ? texts.warning : texts.error, lang)}
              </span>
              {text[lang]}
            </p>
            <p class="cure">
              <span>{say(texts.cure, lang)}</span> {cure[lang]}
            </p>
            {values === undefined ? '' : <FaultValues lang={lang} values={values} />}
            <p class="fault-place">
              <FaultPlace pointer={pointer} href={hrefOf(pointer)} />
              <code>{code}</code>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )

const FaultPlace = ({
  pointer,
  href,
}: {
  readonly pointer: string
  readonly href: string | undefined
}) =>
  pointer === '' ? null : href === undefined ? (
    <span class="fault-pointer">{placeOf(pointer)}</span>
  ) : (
    <a class="fault-pointer" href={href}>
      {placeOf(pointer)}
    </a>
  )

const FaultValues = ({
  lang,
  values,
}: {
  readonly lang: Lang
  readonly values: Readonly<Record<string, string>>
}) => (
  <dl class="fault-values" aria-label={say(texts.values, lang)}>
    {Object.entries(values).map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

/** A refusal; as a page of its own it has the heading of the page. */
export const ProblemNotice = ({
  lang,
  problem,
  page = false,
}: {
  readonly lang: Lang
  readonly problem: Problem
  readonly page?: boolean
}) => (
  <section class="card notice" data-problem={problem.code} role={page ? undefined : 'alert'}>
    {page ? <h1>{problem.text[lang]}</h1> : <h2>{problem.text[lang]}</h2>}
    <p class="cure">
      <span>{say(texts.cure, lang)}</span> {problem.cure[lang]}
    </p>
    <FaultList lang={lang} faults={problem.faults} />
    <p class="fault-place">
      <code>{problem.code}</code>
      <span>
        {say(texts.requestId, lang)} {problem.requestId}
      </span>
    </p>
  </section>
)
