/** Texts of signing in. */

export const signInTexts = {
  title: { zh: '登录', en: 'Sign in' },
  email: { zh: '电子邮箱', en: 'E-mail' },
  password: { zh: '密码', en: 'Password' },
  go: { zh: '登录', en: 'Sign in' },
  again: { zh: '重新输入密码', en: 'Back to the password' },
  forgotten: {
    zh: '忘记密码：网关不发邮件，请运营方为您重设。',
    en: 'Password forgotten: the gateway sends no mail; ask the operator to set a new one.',
  },
  codeTitle: { zh: '两步验证', en: 'Second step' },
  code: { zh: '验证码', en: 'Code' },
  codeHint: {
    zh: '验证器应用中的 6 位数字，或一个备用码',
    en: 'The six digits of your authenticator, or one of your backup codes',
  },
  codeLost: {
    zh: '手机和备用码都不在手边：请运营方关闭两步验证。',
    en: 'Neither telephone nor backup codes at hand: ask the operator to switch the second step off.',
  },
  wrong: {
    cause: { zh: '邮箱或密码不正确。', en: 'E-mail or password is not right.' },
    cure: {
      zh: '核对后重新输入；仍不行时请运营方重设密码。',
      en: 'Check and enter them again; if it stays, ask the operator for a new password.',
    },
  },
  wrongCode: {
    cause: { zh: '验证码不正确或已过期。', en: 'The code is not right, or no longer.' },
    cure: {
      zh: '输入验证器此刻显示的数字；手机时间须准确。备用码只能用一次。',
      en: 'Enter the digits shown now; the clock of the telephone must be right. A backup code works once.',
    },
  },
  expired: {
    cause: { zh: '登录等待已过期。', en: 'Signing in took too long.' },
    cure: { zh: '回到第一步，重新输入密码。', en: 'Go back and enter the password again.' },
  },
  tooOften: {
    cause: { zh: '尝试次数过多。', en: 'Too many tries.' },
    cure: { zh: '稍候再试。', en: 'Wait a while, then try again.' },
  },
  banned: {
    cause: { zh: '账户已停用。', en: 'The account is closed.' },
    cure: { zh: '请联系运营方。', en: 'Ask the operator.' },
  },
  away: {
    cause: { zh: '服务暂不可用。', en: 'The service cannot answer now.' },
    cure: { zh: '稍后重试。', en: 'Try again later.' },
  },
} as const
