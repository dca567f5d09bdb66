/** The pages that list: all messages by flow, all fields by name, the code lists and their codes. */
import { type CodeList, codeLists } from '../../catalogue/code-lists/index.ts'
import { messages } from '../../catalogue/index.ts'
import { kindFlows } from '../../codec/field-page-index.ts'
import { say } from '../texts.ts'
import { docsTexts } from './docs-texts.ts'
import { fieldIndex } from './field-index.ts'
import { type DocsProps, Frame, filled, KindLink } from './parts.tsx'

export const KindsPage = ({ lang, version, theme }: DocsProps) => (
  <Frame
    lang={lang}
    version={version}
    theme={theme}
    path="/docs/messages"
    title={say(docsTexts.messages, lang)}
  >
    <section class="card">
      <h1>{say(docsTexts.messages, lang)}</h1>
      <p class="as-of">
        {filled(docsTexts.messagesText, lang, { count: String(messages.length) })}
      </p>
    </section>
    {kindFlows().map(({ title, rows }) => (
      <section class="card">
        <h2>{say(title, lang)}</h2>
        <table class="plain kinds">
          <thead>
            <tr>
              <th scope="col">{say(docsTexts.code, lang)}</th>
              <th scope="col">{say(docsTexts.name, lang)}</th>
              <th scope="col">{say(docsTexts.sentBy, lang)}</th>
              <th scope="col">{say(docsTexts.reply, lang)}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ code, name, reply, sender }) => (
              <tr>
                <th scope="row">
                  <KindLink code={code} />
                </th>
                <td>{say(name, lang)}</td>
                <td>{say(sender, lang)}</td>
                <td>{reply === undefined ? '' : <KindLink code={reply} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    ))}
  </Frame>
)

export const FieldsPage = ({ lang, version, theme }: DocsProps) => (
  <Frame
    lang={lang}
    version={version}
    theme={theme}
    path="/docs/fields"
    title={say(docsTexts.fields, lang)}
  >
    <section class="card">
      <h1>{say(docsTexts.fields, lang)}</h1>
      <p class="as-of">{say(docsTexts.fieldsText, lang)}</p>
      <table class="plain names">
        <thead>
          <tr>
            <th scope="col">{say(docsTexts.field, lang)}</th>
            <th scope="col">{say(docsTexts.chineseName, lang)}</th>
            <th scope="col">{say(docsTexts.standsIn, lang)}</th>
          </tr>
        </thead>
        <tbody>
          {fieldIndex().map(({ name, zh, places }) => (
            <tr>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td lang="zh-CN">{zh.join('；')}</td>
              <td>
                {places.map((place) => (
                  <>
                    <KindLink {...place} />{' '}
                  </>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  </Frame>
)

export const ListsPage = ({ lang, version, theme }: DocsProps) => (
  <Frame
    lang={lang}
    version={version}
    theme={theme}
    path="/docs/code-lists"
    title={say(docsTexts.codeLists, lang)}
  >
    <section class="card">
      <h1>{say(docsTexts.codeLists, lang)}</h1>
      <p class="as-of">{say(docsTexts.codeListsText, lang)}</p>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{say(docsTexts.list, lang)}</th>
            <th scope="col">{say(docsTexts.count, lang)}</th>
            <th scope="col">{say(docsTexts.asOf, lang)}</th>
          </tr>
        </thead>
        <tbody>
          {codeLists.map((list) => (
            <tr>
              <th scope="row">
                <a href={`/docs/code-lists/${list.id}`}>{say(list, lang)}</a>
              </th>
              <td>{list.count}</td>
              <td>{list.asOf}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  </Frame>
)

export const ListPage = ({
  lang,
  version,
  theme,
  list,
}: DocsProps & { readonly list: CodeList }) => (
  <Frame
    lang={lang}
    version={version}
    theme={theme}
    path={`/docs/code-lists/${list.id}`}
    title={say(list, lang)}
  >
    <section class="card">
      <h1>{say(list, lang)}</h1>
      <p class="as-of">
        {list.count} · {say(docsTexts.asOf, lang)} {list.asOf}
      </p>
      <p>{say(list.reason, lang)}</p>
      <dl class="kind-facts">
        <div>
          <dt>{say(docsTexts.source, lang)}</dt>
          <dd lang="en">
            {list.sources.join('; ')}. {list.confidence}. {list.note ?? ''}
          </dd>
        </div>
      </dl>
    </section>
    <section class="card">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{say(docsTexts.code, lang)}</th>
            <th scope="col">{say(docsTexts.chineseName, lang)}</th>
            <th scope="col">{say(docsTexts.englishName, lang)}</th>
            <th scope="col">{say(docsTexts.validity, lang)}</th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map(({ code, zh, en, validFrom, validTo }) => (
            <tr>
              <th scope="row">
                <code>{code}</code>
              </th>
              <td lang="zh-CN">{zh}</td>
              <td lang="en">{en ?? ''}</td>
              <td>
                {validFrom === undefined && validTo === undefined
                  ? ''
                  : `${validFrom ?? ''}–${validTo ?? ''}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  </Frame>
)
