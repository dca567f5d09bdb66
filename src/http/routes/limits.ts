/** Published limits: what each class of calls may ask for, and how large what is sent may be. */
import type { Text } from '../../kernel/fault.ts'
import {
  ACCOUNT_BODY_BYTES_MAX,
  BODY_BYTES_MAX,
  DOCUMENTS_PER_BATCH_MAX,
  LINE_BYTES_MAX,
  PAGE_ROWS_MAX,
  REPLY_BYTES_MAX,
  SHEET_BYTES_MAX,
  SHEET_CSV_BYTES_MAX,
  SHEET_ROWS_MAX,
} from '../../kernel/limits.ts'
import type { LimitClass, Place } from '../limits.ts'
import { route } from '../route.ts'
import { limitsAnswer } from '../schemas.ts'

/** Whose calls are counted together. */
type Per = 'enterprise' | 'address' | 'account'

const classes: readonly {
  readonly name: LimitClass
  readonly per: readonly Per[]
  readonly unit: string
  readonly text: Text
}[] = [
  {
    name: 'intake',
    per: ['enterprise'],
    unit: 'documents',
    text: {
      zh: '提交单证、办理申请,按单证份数计',
      en: 'Handing in documents and acting on them, counted by documents',
    },
  },
  {
    name: 'read',
    per: ['enterprise', 'address'],
    unit: 'requests',
    text: { zh: '查询', en: 'Reading' },
  },
  {
    name: 'report',
    per: ['enterprise', 'address'],
    unit: 'requests',
    text: { zh: '统计与待汇总', en: 'Totals and what is due' },
  },
  {
    name: 'account',
    per: ['enterprise', 'address'],
    unit: 'requests',
    text: { zh: '企业、密钥、委托与账号', en: 'Enterprises, keys, mandates and accounts' },
  },
  {
    name: 'sign-in',
    per: ['account', 'address'],
    unit: 'requests',
    text: { zh: '登录尝试', en: 'Tries to sign in' },
  },
  {
    name: 'stranger',
    per: ['address'],
    unit: 'requests',
    text: {
      zh: '密钥无效或未带密钥的请求，以及税款试算',
      en: 'Requests without a valid key, and estimates of taxes',
    },
  },
]

const places: readonly { readonly name: Place; readonly text: Text }[] = [
  { name: 'sheet', text: { zh: '同时上传的表格', en: 'Sheets being uploaded' } },
  { name: 'stream', text: { zh: '同时进行的 NDJSON 流', en: 'NDJSON streams under way' } },
  {
    name: 'export',
    text: { zh: '同时下载的明细文件', en: 'Files of counted documents under way' },
  },
  { name: 'report', text: { zh: '同时生成的报告文件', en: 'Files of reports being made' } },
  { name: 'reply', text: { zh: '同时接收的海关回执', en: 'Replies of customs being taken' } },
]

export const limitsRoute = route(
  {
    method: 'get',
    path: '/api/v1/limits',
    summary: { zh: '公布的限额', en: 'Published limits' },
    access: 'public',
    answers: { 200: { description: { zh: '各类限额', en: 'All limits' }, schema: limitsAnswer } },
  },
  ({ c, deps: { limiter } }) =>
    c.json({
      // Nothing is counted where the platform does.
      classes: classes.flatMap((told) =>
        limiter === undefined ? [] : [{ ...told, ...limiter.figures[told.name] }],
      ),
      places: places.flatMap((told) =>
        limiter === undefined ? [] : [{ ...told, ...limiter.places[told.name] }],
      ),
      sizes: {
        bodyBytes: BODY_BYTES_MAX,
        documentsPerBatch: DOCUMENTS_PER_BATCH_MAX,
        lineBytes: LINE_BYTES_MAX,
        workbookBytes: SHEET_BYTES_MAX,
        csvBytes: SHEET_CSV_BYTES_MAX,
        sheetRows: SHEET_ROWS_MAX,
        replyBytes: REPLY_BYTES_MAX,
        accountBodyBytes: ACCOUNT_BODY_BYTES_MAX,
        rowsPerPage: PAGE_ROWS_MAX,
      },
    }),
)
