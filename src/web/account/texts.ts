/** Texts of the account desk. */
import type { Text } from '../../kernel/fault.ts'

export const accountTexts = {
  account: { zh: '账户', en: 'Account' },
  profile: { zh: '个人', en: 'Profile' },
  enterprise: { zh: '所代表企业', en: 'Acting for' },
  enterpriseNote: {
    zh: '您属于多家企业。选定后，所有页面都按该企业显示和办理，直到再次切换。',
    en: 'You belong to several enterprises. All pages show and act for the one you choose until you switch.',
  },
  choose: { zh: '选定', en: 'Choose' },
  chosen: { zh: '已切换企业', en: 'You act for another enterprise now' },
  none: { zh: '账户尚未加入企业', en: 'The account belongs to no enterprise yet' },
  noneNote: {
    zh: '请企业负责人或运营方将此账户加入企业。',
    en: 'Ask an owner of the enterprise, or the operator, to add this account.',
  },
  name: { zh: '姓名', en: 'Name' },
  role: { zh: '身份', en: 'Role' },
  operator: { zh: '运营方', en: 'Operator' },
  committee: { zh: '区域管委会', en: 'Committee of the zones' },
  owner: { zh: '负责人', en: 'Owner' },
  admin: { zh: '管理员', en: 'Admin' },
  member: { zh: '成员', en: 'Member' },
} as const satisfies Readonly<Record<string, Text>>
