/** Faults that only intake can find, in one table: code, texts and cures. */
import { at, type Fault, type Text } from '../kernel/fault.ts'

type IntakeFault =
  | 'UNKNOWN_KIND'
  | 'DUPLICATE_KEY'
  | 'STALE_APP_TIME'
  | 'ALREADY_RELEASED'
  | 'CHANGED_MEANWHILE'
  | 'TOO_MANY_VERSIONS'
  | 'OTHERS_REFUSED'

const table: Readonly<Record<IntakeFault, { readonly text: Text; readonly cure: Text }>> = {
  UNKNOWN_KIND: {
    text: { zh: '不认识的单证类型', en: 'This kind of document is not known' },
    cure: {
      zh: '使用目录中的申报单证代码，例如 CEB311；回执由海关发来，不能申报',
      en: 'Use the code of a declaration, such as CEB311; replies come from customs only',
    },
  },
  DUPLICATE_KEY: {
    text: {
      zh: '同一编号的单证已申报，内容不同，且报送类型仍为新增',
      en: 'A document with this number was handed in with other content, and this one is again "new"',
    },
    cure: {
      zh: '如需修改，请把 appType 改为 2（变更）并使用更晚的 appTime；否则请换用新的编号',
      en: 'To change it, set appType to 2 with a later appTime; otherwise use a new number',
    },
  },
  STALE_APP_TIME: {
    text: {
      zh: '报送时间不晚于已收到的版本，海关会视为过期数据',
      en: 'appTime is not later than that of the version we hold; customs would drop it as stale',
    },
    cure: { zh: '请使用更晚的 appTime 重新报送', en: 'Hand it in again with a later appTime' },
  },
  ALREADY_RELEASED: {
    text: {
      zh: '海关已放行，不能再变更',
      en: 'Customs has released it; it cannot change any more',
    },
    cure: { zh: '请改用退货申请', en: 'Apply for a return instead' },
  },
  CHANGED_MEANWHILE: {
    text: {
      zh: '预览之后该单证又有新版本，未作更正',
      en: 'A newer version came after the preview; it was left as it is',
    },
    cure: {
      zh: '查看新版本，仍需更正的重新预览',
      en: 'Look at the newer version; preview again if needed',
    },
  },
  TOO_MANY_VERSIONS: {
    text: {
      zh: '同一批次内同一编号的版本过多',
      en: 'Too many versions of one number in a single batch',
    },
    cure: { zh: '请只报送最新版本', en: 'Hand in the newest version only' },
  },
  OTHERS_REFUSED: {
    text: {
      zh: '这份单证可以接收，但一并提交的其他单证有问题，本次均未保存',
      en: 'It could be taken, but others that it was handed in with are refused: this request stored none of them',
    },
    cure: {
      zh: '更正有问题的单证后，全部重新提交',
      en: 'Mend the documents that are refused and hand all of them in again',
    },
  },
}

/** A fault of the document as a whole, or of one head field. */
export const intakeFault = (
  kind: string,
  what: IntakeFault,
  place?: { readonly group: string | undefined; readonly field: string },
): Fault => ({
  code: place === undefined ? `${kind}-${what}` : `${kind}-${place.field}-${what}`,
  pointer:
    place === undefined
      ? ''
      : at(place.group === undefined ? '' : at('', place.group), place.field),
  severity: 'error',
  ...table[what],
})

/** Nothing is wrong with the document itself: it was to be taken with others that are refused. */
export const isKeptBack = ({ code }: Pick<Fault, 'code'>): boolean =>
  code.endsWith('-OTHERS_REFUSED')
