/**
 * The status page: one word and one sentence on how things stand, each link to customs with what
 * waits for it and what senders do, and for whoever is signed in the stages and his own documents.
 * Complete without script; it asks for itself again every few seconds.
 */
import { findDeclaration } from '../catalogue/index.ts'
import type { LinkView, StageView, StatusView, Unanswered } from '../flow/link-status.ts'
import type { EnterpriseQueue } from '../flow/places.ts'
import type { SignerView } from '../flow/signers.ts'
import type { TroubledView } from '../flow/webhook-view.ts'
import type { Text } from '../kernel/fault.ts'
import { SIGNERS_SHOWN_MAX, STATUS_REFRESH_SECONDS } from '../kernel/limits.ts'
import { webhookState } from './desk/webhook-parts.tsx'
import { chinaTime, wholeCount } from './figures.ts'
import { age, countOf, statusTexts } from './status-texts.ts'
import { fill, type Lang, say, texts } from './texts.ts'

export interface StatusProps {
  readonly lang: Lang
  readonly status: StatusView
  /** Of the enterprise that looks; undefined for anybody else. */
  readonly own: EnterpriseQueue | undefined
  /** Where whoever looks sees and sets the web hooks; undefined where he may not. */
  readonly webhooksPath: string | undefined
}

export const Status = ({ lang, status, own, webhooksPath }: StatusProps) => (
  <>
    <section class="card overall" data-state={status.state} aria-labelledby="status-heading">
      <div class="section-head">
        <h1 id="status-heading">{say(texts.status, lang)}</h1>
        <p class="as-of">
          <span>{fill(say(texts.asOf, lang), { time: chinaTime(status.asOf) })}</span>
          <span>
            {fill(say(statusTexts.refreshed, lang), { seconds: String(STATUS_REFRESH_SECONDS) })}
          </span>
        </p>
      </div>
      <p class="verdict">
        <strong class="badge" data-state={status.state}>
          {say(statusTexts[status.state], lang)}
        </strong>
        <span>{say(status, lang)}</span>
      </p>
    </section>
    <div class="links">
      {status.links.length === 0 ? (
        <section class="card">
          <h2>{say(statusTexts.link, lang)}</h2>
          <p>{say(statusTexts.noLink, lang)}</p>
        </section>
      ) : (
        status.links.map((link) => <LinkCard lang={lang} link={link} now={status.asOf} />)
      )}
    </div>
    {own === undefined ? '' : <Own lang={lang} own={own} />}
    {status.stages === null ? '' : <Stages lang={lang} stages={status.stages} />}
    {status.unanswered === null ? '' : <Silent lang={lang} {...status.unanswered} />}
    {status.signers === null ? '' : <Signers lang={lang} signers={status.signers} />}
    {status.webhooks === null ? (
      ''
    ) : (
      <Webhooks lang={lang} webhooks={status.webhooks} path={webhooksPath} />
    )}
  </>
)

interface LinkProps {
  readonly lang: Lang
  readonly link: LinkView
  readonly now: string
}

const LinkCard = ({ lang, link, now }: LinkProps) => (
  <section class="card link" data-link={link.code} aria-labelledby={`link-${link.code}`}>
    <div class="section-head">
      <div class="named">
        <h2 id={`link-${link.code}`}>{say(link.protocol, lang)}</h2>
        <strong class="badge" data-state={link.state}>
          {say(link, lang)}
        </strong>
      </div>
      <p class="as-of">
        {link.since === null
          ? say(statusTexts.unused, lang)
          : fill(say(statusTexts.since, lang), {
              time: chinaTime(link.since),
              age: age(secondsUntil(link.since, now), lang),
            })}
      </p>
    </div>
    <dl class="facts">
      <Fact label={statusTexts.waiting} lang={lang}>
        {countOf(link.queue.depth, link.queue.more, lang)}
      </Fact>
      <Fact label={statusTexts.oldest} lang={lang}>
        {link.queue.ageSeconds === null ? '–' : age(link.queue.ageSeconds, lang)}
      </Fact>
      <Fact label={statusTexts.drain} lang={lang}>
        {drainOf(link.drainSeconds, lang)}
      </Fact>
      <Fact label={statusTexts.sentAt} lang={lang}>
        {link.sentAt === null ? '–' : chinaTime(link.sentAt)}
      </Fact>
      <Detail lang={lang} link={link} />
    </dl>
    <p class="advice">
      <span>{say(statusTexts.advice, lang)}</span> {say(link.advice, lang)}
    </p>
  </section>
)

const Detail = ({ lang, link }: Omit<LinkProps, 'now'>) => {
  const { detail } = link
  if (detail === null) return ''
  const rate = { count: String(detail.messagesPerMinute) }
  return (
    <>
      <Fact label={statusTexts.failures} lang={lang}>
        {String(detail.failures)}
      </Fact>
      <Fact label={statusTexts.problem} lang={lang}>
        {detail.problem ?? say(statusTexts.none, lang)}
      </Fact>
      <Fact label={statusTexts.retryAt} lang={lang}>
        {detail.retryAt === null ? '–' : chinaTime(detail.retryAt)}
      </Fact>
      <Fact label={statusTexts.pace} lang={lang}>
        {fill(say(statusTexts.perMinute, lang), rate)}
      </Fact>
    </>
  )
}

const Fact = ({
  label,
  lang,
  children,
}: {
  readonly label: Text
  readonly lang: Lang
  readonly children: string
}) => (
  <div>
    <dt>{say(label, lang)}</dt>
    <dd>{children}</dd>
  </div>
)

const drainOf = (seconds: number | null, lang: Lang): string =>
  seconds === null
    ? say(statusTexts.unknown, lang)
    : seconds === 0
      ? say(statusTexts.atOnce, lang)
      : age(seconds, lang)

const Stages = ({
  lang,
  stages,
}: {
  readonly lang: Lang
  readonly stages: readonly StageView[]
}) => (
  <section class="card" aria-labelledby="stages-heading">
    <div class="section-head">
      <h2 id="stages-heading">{say(statusTexts.stages, lang)}</h2>
      <p class="as-of">{say(statusTexts.stagesNote, lang)}</p>
    </div>
    <table class="plain" data-table="stages">
      <Heads
        lang={lang}
        names={[statusTexts.stage, statusTexts.state, statusTexts.work, statusTexts.oldest]}
      />
      <tbody>
        {stages.map((stage) => (
          <tr>
            <th scope="row">{say(stage, lang)}</th>
            <td>{say(statusTexts[stage.state], lang)}</td>
            <td>{countOf(stage.depth, stage.more, lang)}</td>
            <td>{stage.ageSeconds === null ? '–' : age(stage.ageSeconds, lang)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

const Silent = ({ lang, messages, more }: Unanswered & { readonly lang: Lang }) => (
  <section class="card" aria-labelledby="unanswered-heading">
    <div class="section-head">
      <h2 id="unanswered-heading">{say(statusTexts.unanswered, lang)}</h2>
      <p class="as-of">{messages === 0 ? '' : say(statusTexts.unansweredNote, lang)}</p>
    </div>
    <p data-count="unanswered">{countOf(messages, more, lang)}</p>
  </section>
)

/** Those in trouble come first, so that none of them is left out for being one of many. */
const Signers = ({
  lang,
  signers,
}: {
  readonly lang: Lang
  readonly signers: readonly SignerView[]
}) => {
  const more = signers.length - SIGNERS_SHOWN_MAX
  return (
    <section class="card" aria-labelledby="signers-heading">
      <div class="section-head">
        <h2 id="signers-heading">{say(statusTexts.signers, lang)}</h2>
        <p class="as-of">
          {more > 0 ? fill(say(statusTexts.signersMore, lang), { count: wholeCount(more) }) : ''}
        </p>
      </div>
      {signers.length === 0 ? (
        <p class="as-of">{say(statusTexts.signersNone, lang)}</p>
      ) : (
        <table class="plain" data-table="signers">
          <Heads
            lang={lang}
            names={[
              ...[statusTexts.subject, statusTexts.state, statusTexts.unsigned],
              ...[statusTexts.ends, statusTexts.drain],
            ]}
          />
          <tbody>
            {signers.slice(0, SIGNERS_SHOWN_MAX).map((signer) => (
              <tr>
                <th scope="row">{signer.subject === '' ? signer.keyName : signer.subject}</th>
                <td>
                  {say(statusTexts[signer.state], lang)}
                  {signer.warning === null ? '' : ` · ${say(signer.warning, lang)}`}
                </td>
                <td>{countOf(signer.queueDepth, false, lang)}</td>
                <td>{chinaTime(signer.notAfter).slice(0, 10)}</td>
                <td>{drainOf(signer.drainSeconds, lang)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

/** Receivers of enterprises, which hold up nothing of the gateway: it is theirs to mend them. */
const Webhooks = ({
  lang,
  webhooks: { failing, disabled, troubled },
  path,
}: {
  readonly lang: Lang
  readonly webhooks: TroubledView
  readonly path: string | undefined
}) => {
  const more = failing + disabled - troubled.length
  const counts = { failing: wholeCount(failing), disabled: wholeCount(disabled) }
  return (
    <section class="card" id="webhooks" aria-labelledby="webhooks-heading">
      <div class="section-head">
        <h2 id="webhooks-heading">{say(statusTexts.webhooks, lang)}</h2>
        <p class="as-of">
          {troubled.length === 0 ? '' : fill(say(statusTexts.webhooksCount, lang), counts)}
          {more > 0
            ? ` · ${fill(say(statusTexts.webhooksMore, lang), { count: wholeCount(more) })}`
            : ''}
        </p>
      </div>
      {troubled.length === 0 ? (
        <p class="as-of">{say(statusTexts.webhooksNone, lang)}</p>
      ) : (
        <table class="plain" data-table="webhooks">
          <Heads
            lang={lang}
            names={[
              ...[statusTexts.enterprise, statusTexts.subscription, statusTexts.state],
              ...[statusTexts.standsSince, statusTexts.cure],
            ]}
          />
          <tbody>
            {troubled.map((webhook) => (
              <tr>
                <th scope="row">{webhook.enterpriseName}</th>
                <td>{webhook.description === '' ? '–' : webhook.description}</td>
                <td>{webhookState(webhook, lang)}</td>
                <td>{webhook.failingSince === null ? '–' : chinaTime(webhook.failingSince)}</td>
                <td>{webhook.problem === null ? '–' : say(webhook.problem.cure, lang)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {troubled.length === 0 || path === undefined ? (
        ''
      ) : (
        <p>
          <a href={path}>{say(statusTexts.webhooksSee, lang)}</a>
        </p>
      )}
    </section>
  )
}

const Own = ({ lang, own }: { readonly lang: Lang; readonly own: EnterpriseQueue }) => (
  <section class="card" aria-labelledby="own-heading">
    <h2 id="own-heading">{say(statusTexts.own, lang)}</h2>
    {own.entries.length === 0 ? (
      <p class="as-of">{say(statusTexts.ownNone, lang)}</p>
    ) : (
      <table class="plain" data-table="own">
        <Heads
          lang={lang}
          names={[
            ...[statusTexts.kind, statusTexts.what, statusTexts.documents],
            ...[statusTexts.oldest, statusTexts.drain],
          ]}
        />
        <tbody>
          {own.entries.map((entry) => (
            <tr>
              <th scope="row">{nameOf(entry.kind, lang)}</th>
              <td>{say(entry, lang)}</td>
              <td>{countOf(entry.documents, entry.more, lang)}</td>
              <td>{age(entry.ageSeconds, lang)}</td>
              <td>{drainOf(entry.estimateSeconds, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
)

const Heads = ({ lang, names }: { readonly lang: Lang; readonly names: readonly Text[] }) => (
  <thead>
    <tr>
      {names.map((name) => (
        <th scope="col">{say(name, lang)}</th>
      ))}
    </tr>
  </thead>
)

const nameOf = (kind: string, lang: Lang): string => {
  const entry = findDeclaration(kind)
  return entry === undefined ? kind : `${kind} ${say(entry, lang)}`
}

const secondsUntil = (from: string, to: string): number =>
  Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 1000))

/** One line at the head of another page while not all is well. */
export const Banner = ({ lang, status }: { readonly lang: Lang; readonly status: StatusView }) =>
  status.state === 'normal' ? (
    ''
  ) : (
    <p class="banner" data-state={status.state}>
      <strong>{say(statusTexts[status.state], lang)}</strong> <span>{say(status, lang)}</span>{' '}
      <a href="/status">{say(statusTexts.banner, lang)}</a>
    </p>
  )
