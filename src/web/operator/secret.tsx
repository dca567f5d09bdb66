/** Secrets that are told once: a page of their own that is kept nowhere, with what to do next. */
import type { Text } from '../../kernel/fault.ts'
import { Code, Facts, PageHead } from '../desk/parts.tsx'
import { type Content, content } from '../desk/room.ts'
import type { Lang } from '../texts.ts'
import { registerTexts as texts } from './register-texts.ts'

export interface SecretPage {
  readonly lang: Lang
  readonly title: Text
  readonly told: readonly { readonly name: Text; readonly text: string }[]
  readonly back: { readonly href: string; readonly name: Text }
}

export const secretPage = ({ lang, title, told, back }: SecretPage): Content =>
  content(
    title[lang],
    <>
      <PageHead title={title[lang]} />
      <section class="secret" role="status">
        <h2>{texts.once[lang]}</h2>
        <Facts
          facts={told.map(({ name, text }) => ({
            name: name[lang],
            value: <Code lang={lang} text={text} />,
          }))}
        />
      </section>
      <p class="acts">
        <a class="button" href={back.href}>
          {back.name[lang]}
        </a>
      </p>
    </>,
    201,
  )
