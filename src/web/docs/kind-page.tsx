/** The page of one kind of message: the same facts as `docs/messages/<code>.md`, in one language. */
import type { Message } from '../../catalogue/message.ts'
import { exampleOf, exampleXml } from '../../codec/example.ts'
import {
  type FieldPage,
  type FieldRow,
  fieldPageOf,
  type GroupTable,
} from '../../codec/field-page.ts'
import { type Lang, say } from '../texts.ts'
import { docsTexts } from './docs-texts.ts'
import { anchorOf } from './field-index.ts'
import { type DocsProps, Frame, Marked, Source } from './parts.tsx'

export const KindPage = ({
  lang,
  version,
  theme,
  entry,
}: DocsProps & { readonly entry: Message }) => {
  const page = fieldPageOf(entry)
  return (
    <Frame
      lang={lang}
      version={version}
      theme={theme}
      path={`/docs/messages/${page.code}`}
      title={`${page.code} ${say(page.title, lang)}`}
    >
      <section class="card">
        <h1>
          {page.code} {say(page.title, lang)}
        </h1>
        <p class="as-of">
          {lang === 'zh' ? (
            <span lang="en">{page.title.en}</span>
          ) : (
            <span lang="zh-CN">{page.title.zh}</span>
          )}
          <a href={`/docs/messages/${page.code}.xsd`}>{say(docsTexts.schema, lang)}</a>
        </p>
        <dl class="kind-facts">
          {page.facts.map(({ label, value }) => (
            <div>
              <dt>{say(label, lang)}</dt>
              <dd>
                <Marked text={value} lang={lang} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {page.statuses.length === 0 ? '' : <Statuses page={page} entry={entry} lang={lang} />}
      {page.groups.map((group) => (
        <Fields group={group} lang={lang} />
      ))}
      {page.differences.length === 0 ? '' : <Differences page={page} lang={lang} />}
      <Examples entry={entry} lang={lang} />
    </Frame>
  )
}

interface PageProps {
  readonly page: FieldPage
  readonly lang: Lang
}

const Statuses = ({ page, entry, lang }: PageProps & { readonly entry: Message }) => {
  const isReply = entry.sort === 'reply'
  return (
    <section class="card">
      <h2>{say(entry.sort === 'declaration' ? docsTexts.usualWay : docsTexts.statuses, lang)}</h2>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{say(docsTexts.code, lang)}</th>
            <th scope="col">{say(docsTexts.meaning, lang)}</th>
            {entry.sort === 'notice' ? '' : <th scope="col">{say(docsTexts.state, lang)}</th>}
          </tr>
        </thead>
        <tbody>
          {page.statuses.map(({ code, meaning, state, group, usual }) => (
            <tr>
              <th scope="row">
                <code>{code}</code>
                {isReply && usual ? ' ★' : ''}
              </th>
              <td>{say(meaning, lang)}</td>
              {state === undefined ? (
                ''
              ) : (
                <td>
                  {say(state, lang)} {group === undefined ? '' : <small>{say(group, lang)}</small>}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {isReply ? <p class="as-of">{say(docsTexts.statusesText, lang)}</p> : ''}
    </section>
  )
}

const Fields = ({ group, lang }: { readonly group: GroupTable; readonly lang: Lang }) => (
  <section class="card">
    <h2 id={group.name}>
      {group.name === undefined ? (
        say(docsTexts.fieldsOf, lang)
      ) : (
        <>
          <code>{group.name}</code> {group.zh} <small>{say(group.count, lang)}</small>
        </>
      )}
    </h2>
    <table class="fields">
      <thead>
        <tr>
          <th scope="col">#</th>
          <th scope="col">{say(docsTexts.field, lang)}</th>
          <th scope="col">{say(docsTexts.typeAndSize, lang)}</th>
          <th scope="col">{say(docsTexts.required, lang)}</th>
          <th scope="col">{say(docsTexts.values, lang)}</th>
          <th scope="col">{say(docsTexts.notes, lang)}</th>
        </tr>
      </thead>
      <tbody>
        {group.rows.map((row) => (
          <Field row={row} group={group.name} lang={lang} />
        ))}
      </tbody>
    </table>
  </section>
)

interface FieldProps {
  readonly row: FieldRow
  readonly group: string | undefined
  readonly lang: Lang
}

const Field = ({ row, group, lang }: FieldProps) => (
  <tr id={anchorOf(group, row.name)}>
    <td class="order">{row.order}</td>
    <th scope="row">
      <code>{row.name}</code>
      <span lang="zh-CN">{row.zh}</span>
    </th>
    <td class="size">
      {say(row.type, lang)} {row.size}
    </td>
    <td class="required">
      <Marked text={row.required} lang={lang} />
    </td>
    <td class="values">
      {row.values.map((value) => (
        <span>
          <Marked text={value} lang={lang} />
        </span>
      ))}
      {row.list === undefined ? (
        ''
      ) : (
        <a href={`/docs/code-lists/${row.list.id}`}>{say(row.list, lang)}</a>
      )}
    </td>
    <td class="note">
      {row.sensitive ? <span class="personal">{say(docsTexts.personal, lang)}</span> : ''}
      {row.note === undefined ? '' : <span lang="en">{row.note}</span>}
    </td>
  </tr>
)

const Differences = ({ page, lang }: PageProps) => (
  <section class="card">
    <h2>{say(docsTexts.differences, lang)}</h2>
    <ul class="lines">
      {page.differences.map(({ fields, text }) => (
        <li>
          {fields.map((name) => (
            <>
              <code>{name}</code>{' '}
            </>
          ))}
          — {say(text, lang)}
        </li>
      ))}
    </ul>
  </section>
)

const Examples = ({ entry, lang }: { readonly entry: Message; readonly lang: Lang }) => (
  <section class="card">
    <h2 id="examples">{say(docsTexts.examples, lang)}</h2>
    <p class="as-of">{say(docsTexts.examplesText, lang)}</p>
    <Source lang={lang} title="JSON" text={JSON.stringify(exampleOf(entry), null, 2)} />
    <Source lang={lang} title="XML" text={exampleXml(entry).trimEnd()} />
    <Source
      lang={lang}
      title={say(docsTexts.check, lang)}
      text={`npx yuguan schema ${entry.code} --example > example.json\nnpx yuguan validate example.json`}
      open
    />
  </section>
)
