/** Parts of the pages of sheets: the upload, the faulty cells, and the form that corrects them. */
import type { AnyDocument, Declaration } from '../../catalogue/message.ts'
import { Field } from '../desk/fields.tsx'
import type { ToldFault } from '../desk/notices.tsx'
import { PageHead } from '../desk/parts.tsx'
import { DataTable } from '../desk/table.tsx'
import { fill, type Lang, say } from '../texts.ts'
import { SHEET_FAULTS_SHOWN } from './document-limits.ts'
import { documentsTexts } from './documents-texts.ts'
import { handInTexts as texts } from './hand-in-texts.ts'

/** A fault at a cell; `value` is left out of personal ones. */
export interface SheetCell extends ToldFault {
  readonly head: string | null
  readonly value?: string
}

export interface ToCorrect {
  readonly rows: readonly [first: number, last: number]
  readonly document: AnyDocument
  readonly cells: readonly SheetCell[]
}

export const SheetForm = ({
  lang,
  entry,
  title,
  path,
}: {
  readonly lang: Lang
  readonly entry: Declaration
  readonly title: string
  readonly path: string
}) => (
  <>
    <PageHead title={title} note={say(texts.sheetNote, lang)}>
      <a class="button" href={`/api/v1/sheets/${entry.code}.xlsx`}>
        {say(texts.template, lang)}
      </a>
    </PageHead>
    <form class="card upload" action={path} method="post" enctype="multipart/form-data">
      <div class="field">
        <label for="f-file">{say(texts.file, lang)}</label>
        <input id="f-file" name="file" type="file" accept=".xlsx,.csv" required />
      </div>
      <p class="acts">
        <button type="submit" formaction={`${path}?check=yes`}>
          {say(texts.uploadCheck, lang)}
        </button>
        <button type="submit" class="primary">
          {say(texts.upload, lang)}
        </button>
        <button
          type="submit"
          formaction={`/api/v1/sheets/${entry.code}?answer=workbook&dryRun=true`}
        >
          {say(texts.uploadMarked, lang)}
        </button>
      </p>
    </form>
  </>
)

interface PlacedFault extends ToldFault {
  readonly sheet: string | null
  readonly row: number | null
  readonly column: string | null
  readonly head: string | null
}

/** Faults at their cells; of many the first, errors before warnings as the interface tells them. */
export const FaultyCells = ({
  lang,
  faults,
  errors,
}: {
  readonly lang: Lang
  readonly faults: readonly PlacedFault[]
  readonly errors: number
}) =>
  faults.length === 0 ? null : (
    <DataTable
      lang={lang}
      caption={fill(say(texts.sheetFaults, lang), { count: String(errors) })}
      columns={[
        {
          name: say(texts.cell, lang),
          cell: ({ sheet, column, row }) =>
            [sheet, `${column ?? ''}${row ?? ''}`].filter((part) => part !== null).join(' '),
          kind: 'code',
        },
        { name: say(texts.head, lang), cell: ({ head }) => head ?? '–' },
        { name: say(texts.fault, lang), cell: ({ text }) => text[lang] },
        { name: say(documentsTexts.cure, lang), cell: ({ cure }) => cure[lang] },
      ]}
      rows={faults.slice(0, SHEET_FAULTS_SHOWN)}
    />
  )

export const CorrectForm = ({
  lang,
  action,
  kept,
  documents,
  hasMore,
  checked,
}: {
  readonly lang: Lang
  readonly action: string
  readonly kept: string
  readonly documents: readonly ToCorrect[]
  readonly hasMore: boolean
  /** Good documents of the sheet that were checked only. */
  readonly checked: number
}) => (
  <form class="card correct-cells" action={action} method="post">
    <h2>{say(texts.correctTitle, lang)}</h2>
    <p class="note">{say(texts.correctNote, lang)}</p>
    <input type="hidden" name="kept" value={kept} />
    {documents.map(({ rows: [first, last], cells }, index) => (
      <fieldset class="form-line">
        <legend>
          {fill(say(first === last ? texts.correctRow : texts.correctRows, lang), {
            first: String(first),
            last: String(last),
          })}
        </legend>
        <div class="form-grid">
          {byPlace(cells).map(({ pointer, faults, head, value }) => (
            <>
              {value === undefined ? (
                <input type="hidden" name={`personal.${index}${pointer}`} value="yes" />
              ) : (
                ''
              )}
              <Field
                lang={lang}
                name={`cell.${index}${pointer}`}
                id={`cell-${index}${pointer.replaceAll('/', '-')}`}
                label={`${head ?? ''} ${pointer.split('/').at(-1) ?? ''}`}
                value={value}
                faults={faults}
              />
            </>
          ))}
        </div>
      </fieldset>
    ))}
    {hasMore ? <p class="note">{say(texts.correctMore, lang)}</p> : ''}
    {checked > 0 ? (
      <p class="note">{fill(say(texts.correctChecked, lang), { count: String(checked) })}</p>
    ) : (
      ''
    )}
    <p class="acts">
      <button type="submit" class="primary">
        {say(texts.correctGo, lang)}
      </button>
    </p>
  </form>
)

/** One input a place, with all that is wrong there. */
const byPlace = (cells: readonly SheetCell[]) =>
  [...new Set(cells.map(({ pointer }) => pointer))].map((pointer) => {
    const faults = cells.filter((cell) => cell.pointer === pointer)
    return { pointer, faults, head: faults[0]?.head, value: faults[0]?.value }
  })
