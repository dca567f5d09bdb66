/**
 * Faults found before a document reaches the flow: its line is no JSON, its kind is unknown, its
 * batch has the wrong shape. One place for their codes and words.
 */
import { declarations } from '../catalogue/index.ts'
import type { Fault } from '../kernel/fault.ts'

const kinds = declarations.map((entry) => entry.code).join(', ')

const faultOf = (
  code: string,
  pointer: string,
  text: readonly [zh: string, en: string],
  cure: readonly [zh: string, en: string],
): Fault => ({
  code,
  pointer,
  severity: 'error',
  text: { zh: text[0], en: text[1] },
  cure: { zh: cure[0], en: cure[1] },
})

/** `member` is the array that a body of rows holds and nothing else. */
export const rowsMissing = (member: string): Fault =>
  faultOf(
    `INTAKE-${member}-MISSING`,
    `/${member}`,
    ['缺少数据行', 'There are no rows'],
    [`提交 {"${member}":[…]}`, `Send {"${member}":[…]}`],
  )

export const handedFaults = {
  kindUnknown: faultOf(
    'INTAKE-kind-UNKNOWN',
    '/kind',
    ['单证类型未知或缺失', 'The kind of document is unknown or missing'],
    [`填写其中之一:${kinds}`, `Use one of: ${kinds}`],
  ),
  documentsMissing: faultOf(
    'INTAKE-documents-MISSING',
    '/documents',
    ['缺少单证', 'There are no documents'],
    [
      '以 documents 数组提交一批,或以 document 提交一份',
      'Send a batch as the array documents, or one as document',
    ],
  ),
  paymentsMissing: faultOf(
    'INTAKE-payments-MISSING',
    '/payments',
    ['缺少支付数据', 'There are no payments'],
    ['提交 {"payments":[…]}', 'Send {"payments":[…]}'],
  ),
  memberUnknown: faultOf(
    'INTAKE-member-UNKNOWN',
    '',
    ['含有未知成员', 'There is a member that is not known'],
    ['只保留 kind 与 documents(或 document)', 'Leave only kind and documents (or document)'],
  ),
  notObject: faultOf(
    'INTAKE-body-NOT_OBJECT',
    '',
    ['应为 JSON 对象', 'A JSON object is expected'],
    ['提交 {"kind":…,"documents":[…]}', 'Send {"kind":…,"documents":[…]}'],
  ),
  lineNotUtf8: faultOf(
    'INTAKE-line-NOT_UTF8',
    '',
    ['该行不是 UTF-8', 'The line is not UTF-8'],
    ['以 UTF-8 编码后重新提交该行', 'Encode the line as UTF-8 and send it again'],
  ),
  lineNotJson: faultOf(
    'INTAKE-line-NOT_JSON',
    '',
    ['该行不是有效的 JSON', 'The line is not JSON'],
    ['每行写一个完整的 JSON 对象', 'Write one whole JSON object a line'],
  ),
  oneEachLine: faultOf(
    'INTAKE-line-MANY',
    '/documents',
    ['一行只能有一份单证', 'A line holds one document'],
    ['每行写 {"kind":…,"document":{…}}', 'Write {"kind":…,"document":{…}} on each line'],
  ),
  oneEach: faultOf(
    'INTAKE-document-MANY',
    '/documents',
    ['一项只能有一份单证', 'An item holds one document'],
    ['每项写 {"kind":…,"document":{…}}', 'Write {"kind":…,"document":{…}} in each item'],
  ),
  notTogether: faultOf(
    'INTAKE-together-STREAM',
    '/together',
    ['逐行流不能整批提交', 'A stream is taken line by line and never as a whole'],
    ['改以 application/json 提交一批', 'Send them as one batch, as application/json'],
  ),
  lineTooLong: faultOf(
    'INTAKE-line-TOO_LONG',
    '',
    ['该行超过 1 MiB', 'The line is longer than 1 MiB'],
    ['拆分该单证或检查是否漏了换行', 'Split the document, or look for a missing line break'],
  ),
} as const satisfies Readonly<Record<string, Fault>>
