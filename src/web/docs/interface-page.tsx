/** The interface: how to call it, every route with its parameters, bodies, answers and refusals. */
import { declarations } from '../../catalogue/index.ts'
import { exampleOf } from '../../codec/example.ts'
import { intakeExamples, problemExample } from '../../http/openapi-examples.ts'
import type { ProblemEntry } from '../../http/problem-entry.ts'
import { problems } from '../../http/problems.ts'
import { type Access, problemsOf, type RawBody } from '../../http/route.ts'
import { intakeAnswer } from '../../http/schemas.ts'
import type { Text } from '../../kernel/fault.ts'
import { type Lang, say } from '../texts.ts'
import { docsTexts } from './docs-texts.ts'
import type { Member, Operation } from './operations.ts'
import { type DocsProps, Frame, filled, Source } from './parts.tsx'

interface InterfaceProps extends DocsProps {
  readonly operations: readonly Operation[]
}

export const InterfacePage = ({ lang, version, theme, operations }: InterfaceProps) => (
  <Frame
    lang={lang}
    version={version}
    theme={theme}
    path="/docs"
    title={say(docsTexts.title, lang)}
  >
    <section class="card">
      <h1>
        {say(docsTexts.title, lang)} <small>{version}</small>
      </h1>
      <p>{say(docsTexts.callText, lang)}</p>
      <Source lang={lang} title={say(docsTexts.call, lang)} text={curl()} open />
      <p class="as-of">
        {say(docsTexts.forMachines, lang)}：<a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1)
      </p>
      <ul class="contents">
        {operations.map((operation) => (
          <li>
            <a href={`#${anchorOf(operation)}`}>
              <code>{methodAndPath(operation)}</code>
            </a>{' '}
            {say(operation.spec.summary, lang)}
          </li>
        ))}
      </ul>
    </section>
    {operations.map((operation) => (
      <Route operation={operation} lang={lang} />
    ))}
  </Frame>
)

const curl = (): string => {
  const entry = declarations.find(({ direction }) => direction === 'import')
  const body = { kind: entry?.code, documents: ['…'] }
  return [
    'curl -X POST "$YUGUAN/api/v1/documents" \\',
    '  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\',
    `  -d '${JSON.stringify(body).replace('"…"', '{…}')}'`,
  ].join('\n')
}

const methodAndPath = ({ spec }: Operation): string => `${spec.method.toUpperCase()} ${spec.path}`

const anchorOf = ({ spec }: Operation): string =>
  `${spec.method}${spec.path.replaceAll(/[^A-Za-z0-9]+/g, '-')}`

const accessText = (access: Access, lang: Lang): string => {
  const names: Readonly<Partial<Record<Access, Text>>> = {
    public: docsTexts.accessPublic,
    customs: docsTexts.accessCustoms,
    'signed-in': docsTexts.accessSignedIn,
    'enterprise-admin': docsTexts.accessEnterprise,
  }
  const name = names[access]
  return name === undefined
    ? filled(docsTexts.accessScope, lang, { scope: access })
    : say(name, lang)
}

interface RouteProps {
  readonly operation: Operation
  readonly lang: Lang
}

const Route = ({ operation, lang }: RouteProps) => {
  const { spec, parameters, body } = operation
  return (
    <section class="card route" id={anchorOf(operation)}>
      <h2>
        <code>{methodAndPath(operation)}</code> {say(spec.summary, lang)}
      </h2>
      <dl class="kind-facts">
        <div>
          <dt>{say(docsTexts.who, lang)}</dt>
          <dd>{accessText(spec.access, lang)}</dd>
        </div>
        {spec.raw === undefined ? '' : <Body raw={spec.raw} lang={lang} />}
        {Object.entries(spec.answers).map(([status, { description }]) => (
          <div>
            <dt>{status}</dt>
            <dd>{say(description, lang)}</dd>
          </div>
        ))}
        <div>
          <dt>{say(docsTexts.refusals, lang)}</dt>
          <dd class="codes">
            {problemsOf(spec).map((code) => (
              <>
                <a href={`/problems/${code}`}>
                  {code} {problems[code].status}
                </a>{' '}
              </>
            ))}
          </dd>
        </div>
      </dl>
      {parameters.length === 0 ? (
        ''
      ) : (
        <Members title={docsTexts.parameters} members={parameters} lang={lang} />
      )}
      {body.length === 0 ? '' : <Members title={docsTexts.body} members={body} lang={lang} />}
      {spec.raw?.holds === 'documents' ? <IntakeExamples spec={spec} lang={lang} /> : ''}
    </section>
  )
}

const Body = ({ raw, lang }: { readonly raw: RawBody; readonly lang: Lang }) => (
  <div>
    <dt>{say(docsTexts.body, lang)}</dt>
    <dd>
      {say(raw.description, lang)}{' '}
      {raw.mediaTypes.map((mediaType) => (
        <>
          <code>{mediaType}</code>{' '}
        </>
      ))}
      {raw.holds === undefined ? (
        ''
      ) : (
        <a href="/docs/messages">{say(docsTexts.examplesOfKinds, lang)}</a>
      )}
    </dd>
  </div>
)

interface MembersProps {
  readonly title: Text
  readonly members: readonly Member[]
  readonly lang: Lang
}

const Members = ({ title, members, lang }: MembersProps) => (
  <table class="plain members">
    <caption>{say(title, lang)}</caption>
    <tbody>
      {members.map(({ name, required, type, description }) => (
        <tr>
          <th scope="row">
            <code>{name}</code>
          </th>
          <td>{type}</td>
          <td>{required ? say(docsTexts.yes, lang) : ''}</td>
          <td>{say(description, lang)}</td>
        </tr>
      ))}
    </tbody>
  </table>
)

interface IntakeProps {
  readonly spec: Operation['spec']
  readonly lang: Lang
}

/** Of the routes that documents go in by: a body, what is answered to it, and a refusal. */
const IntakeExamples = ({ spec, lang }: IntakeProps) => {
  const [shortest] = declarations
    .map((entry) => ({ kind: entry.code, documents: [exampleOf(entry, 'minimal')] }))
    .toSorted((one, other) => pretty(one).length - pretty(other).length)
  const answered = intakeExamples()
  const shown = Object.entries(spec.answers)
    .filter(([, { schema }]) => schema === intakeAnswer)
    .flatMap(([status]) =>
      Object.values(answered[Number(status)] ?? {}).map(({ value }) => [status, value] as const),
    )
  const { value: refusal } = problemExample('DOCUMENTS-REFUSED')
  return (
    <>
      {spec.raw?.mediaTypes.includes('application/json') ? (
        <Source lang={lang} title={say(docsTexts.example, lang)} text={pretty(shortest)} />
      ) : (
        ''
      )}
      {shown.map(([status, value]) => (
        <Source
          lang={lang}
          title={`${say(docsTexts.answers, lang)} ${status}`}
          text={pretty(value)}
        />
      ))}
      <Source lang={lang} title={`${say(docsTexts.refusals, lang)} 422`} text={pretty(refusal)} />
    </>
  )
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2)

// ---- problem codes -------------------------------------------------------------------------------

export const ProblemsPage = ({ lang, version, theme }: DocsProps) => (
  <Frame
    lang={lang}
    version={version}
    theme={theme}
    path="/problems"
    title={say(docsTexts.problems, lang)}
  >
    <section class="card">
      <h1>{say(docsTexts.problems, lang)}</h1>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{say(docsTexts.code, lang)}</th>
            <th scope="col">HTTP</th>
            <th scope="col">{say(docsTexts.meaning, lang)}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(problems).map(([code, { status, title }]) => (
            <tr>
              <th scope="row">
                <a href={`/problems/${code}`}>
                  <code>{code}</code>
                </a>
              </th>
              <td>{status}</td>
              <td>{say(title, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  </Frame>
)

interface ProblemProps extends DocsProps {
  readonly code: string
  readonly problem: ProblemEntry
}

export const ProblemPage = ({ lang, version, theme, code, problem }: ProblemProps) => (
  <Frame lang={lang} version={version} theme={theme} path={`/problems/${code}`} title={code}>
    <section class="card">
      <h1>
        <code>{code}</code> <small>HTTP {problem.status}</small>
      </h1>
      <p>{say(problem.title, lang)}</p>
      <h2>{say(docsTexts.whatToDo, lang)}</h2>
      <p>{say(problem.cure, lang)}</p>
    </section>
  </Frame>
)
