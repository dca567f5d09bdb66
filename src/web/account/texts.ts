/** Texts of the account desk about the person; those of his enterprise stand in `enterprise-texts.ts`. */
import type { Text } from '../../kernel/fault.ts'

export const accountTexts = {
  account: { zh: '账户', en: 'Account' },
  profile: { zh: '个人', en: 'Profile' },
  enterprise: { zh: '所代表企业', en: 'Acting for' },
  enterpriseNote: {
    zh: '您属于多家企业。选定后，所有页面都按该企业显示和办理，直到再次切换。',
    en: 'You belong to several enterprises. All pages show and act for the one you choose until you switch.',
  },
  customsCode: { zh: '海关十位编码', en: 'Customs code' },
  creditCode: { zh: '统一社会信用代码', en: 'Credit code' },
  dxpId: { zh: 'DXP 传输编号', en: 'DXP account' },
  notRegistered: { zh: '未登记，请联系运营方', en: 'not registered; ask the operator' },
  enterpriseId: { zh: '企业编号', en: 'Enterprise id' },
  enterpriseIdHint: {
    zh: '对方企业出具委托时，可填此编号、海关编码或信用代码',
    en: 'Whoever gives you a mandate names this, your customs code or your credit code',
  },
  choose: { zh: '选定', en: 'Choose' },
  chosen: { zh: '已切换企业', en: 'You act for another enterprise now' },
  none: { zh: '账户尚未加入企业', en: 'The account belongs to no enterprise yet' },
  noneNote: {
    zh: '请企业负责人或运营方将此账户加入企业。',
    en: 'Ask an owner of the enterprise, or the operator, to add this account.',
  },
  name: { zh: '姓名', en: 'Name' },
  email: { zh: '电子邮箱', en: 'E-mail' },
  role: { zh: '身份', en: 'Role' },
  operator: { zh: '运营方', en: 'Operator' },
  committee: { zh: '区域管委会', en: 'Committee of the zones' },
  owner: { zh: '负责人', en: 'Owner' },
  admin: { zh: '管理员', en: 'Admin' },
  member: { zh: '成员', en: 'Member' },

  password: { zh: '修改密码', en: 'Change the password' },
  passwordNow: { zh: '当前密码', en: 'Current password' },
  passwordNew: { zh: '新密码', en: 'New password' },
  passwordHint: { zh: '至少 12 个字符', en: 'At least 12 characters' },
  passwordGo: { zh: '修改', en: 'Change' },
  passwordChanged: {
    zh: '密码已修改，其他设备上的登录已退出',
    en: 'The password is changed; sessions on other devices are over',
  },
  passwordWrong: { zh: '当前密码不正确。', en: 'The current password is not right.' },
  passwordShort: { zh: '新密码过短或过长。', en: 'The new password is too short or too long.' },
  tooOften: { zh: '尝试次数过多，请稍候再试。', en: 'Too many tries; wait a while.' },
  failed: { zh: '未能完成，请重试。', en: 'It could not be done; try again.' },

  twoFactor: { zh: '两步验证', en: 'Second step' },
  twoFactorNote: {
    zh: '登录时除密码外再输入验证器应用中的 6 位数字。',
    en: 'Signing in then asks for six digits of an authenticator beside the password.',
  },
  twoFactorOn: { zh: '已启用', en: 'On' },
  twoFactorOff: { zh: '未启用', en: 'Off' },
  twoFactorSet: { zh: '设置', en: 'Set up' },
  twoFactorStart: { zh: '开始启用', en: 'Set it up' },
  scan: { zh: '一、用验证器应用扫描', en: '1. Scan with your authenticator' },
  scanLabel: { zh: '验证器的二维码', en: 'QR code for the authenticator' },
  secret: { zh: '不能扫描时，手工输入此密钥', en: 'If it cannot scan, type this secret' },
  backup: { zh: '二、保存备用码', en: '2. Keep the backup codes' },
  backupNote: {
    zh: '只显示这一次。每个备用码可代替验证器登录一次，请打印或存放在安全处。',
    en: 'Shown this once. Each signs you in once without the authenticator; print them or keep them safe.',
  },
  confirm: { zh: '三、输入验证器此刻显示的数字', en: '3. Enter the digits shown now' },
  code: { zh: '验证码', en: 'Code' },
  confirmGo: { zh: '启用', en: 'Switch on' },
  codeWrong: {
    zh: '验证码不正确。核对手机时间后输入此刻显示的数字，或重新开始。',
    en: 'The code is not right. Check the clock of the telephone and enter the digits shown now, or start again.',
  },
  again: { zh: '重新开始', en: 'Start again' },
  enabled: { zh: '两步验证已启用', en: 'The second step is on' },
  newBackup: { zh: '更换备用码', en: 'New backup codes' },
  newBackupNote: { zh: '旧的备用码随即失效。', en: 'The old ones are void at once.' },
  disable: { zh: '关闭两步验证', en: 'Switch the second step off' },
  disableNote: { zh: '此后登录只需密码。', en: 'Signing in then asks for the password alone.' },
  disabled: { zh: '两步验证已关闭', en: 'The second step is off' },
  backToProfile: { zh: '返回账户', en: 'Back to the account' },
} as const satisfies Readonly<Record<string, Text>>

/** Name of a member's role in his enterprise. */
export const memberRoleText = (role: string): Text =>
  role === 'owner'
    ? accountTexts.owner
    : role === 'admin'
      ? accountTexts.admin
      : accountTexts.member
