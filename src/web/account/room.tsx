/** The account desk: who one is, for whom one acts, and what belongs to that enterprise. */
import type { Ask, Room, Shown } from '../desk/room.ts'
import { managesEnterprise, type Viewer } from '../desk/viewer.ts'
import { endKey, keysPage, makeKey } from './api-keys.tsx'
import { enterpriseTexts } from './enterprise-texts.ts'
import { chooseLink, linksPage } from './links.tsx'
import { endMandate, giveMandate, mandatesPage } from './mandates.tsx'
import { addMember, changeMember, membersPage } from './members.tsx'
import { changePassword, chooseEnterprise, enterprisePage, profilePage } from './profile.tsx'
import { chooseRule, rulesPage } from './rules.tsx'
import { makeSigningKey, retireSigningKey, signingPage } from './signing.tsx'
import {
  changeSubscription,
  pauseSubscription,
  removeSubscription,
  renewSecret,
  resendSubscription,
  subscriptionPage,
  testSubscription,
} from './subscription.tsx'
import { subscriptionTexts } from './subscription-texts.ts'
import { addSubscription, subscriptionsPage } from './subscriptions.tsx'
import { accountTexts as texts } from './texts.ts'
import {
  confirmTwoFactor,
  newBackupCodes,
  startTwoFactor,
  stopTwoFactor,
  twoFactorPage,
} from './two-factor.tsx'

const isMember = ({ enterprise }: Viewer): boolean => enterprise !== undefined

export const accountRoom: Room = {
  path: '/account',
  name: texts.account,
  inNavigation: false,
  opensTo: () => true,
  sections: [
    { path: '/account', name: texts.profile },
    { path: '/account/two-factor', name: texts.twoFactor },
    {
      path: '/account/enterprise',
      name: texts.enterprise,
      opensTo: ({ enterprises }) => enterprises.length > 1,
    },
    { path: '/account/members', name: enterpriseTexts.members, opensTo: managesEnterprise },
    { path: '/account/keys', name: enterpriseTexts.keys, opensTo: managesEnterprise },
    {
      path: '/account/subscriptions',
      name: subscriptionTexts.subscriptions,
      opensTo: managesEnterprise,
    },
    { path: '/account/signing', name: enterpriseTexts.signing, opensTo: managesEnterprise },
    { path: '/account/mandates', name: enterpriseTexts.mandates, opensTo: isMember },
    { path: '/account/links', name: enterpriseTexts.links, opensTo: managesEnterprise },
    { path: '/account/rules', name: enterpriseTexts.rules, opensTo: managesEnterprise },
  ],
  mount: (desk) => {
    desk.page('/account', profilePage)
    desk.action('/account/password', changePassword)
    desk.page('/account/enterprise', enterprisePage)
    desk.action('/account/enterprise', chooseEnterprise)
    desk.page('/account/two-factor', twoFactorPage)
    desk.action('/account/two-factor/start', startTwoFactor)
    desk.action('/account/two-factor/confirm', confirmTwoFactor)
    desk.action('/account/two-factor/backup', newBackupCodes)
    desk.action('/account/two-factor/stop', stopTwoFactor)
    desk.page('/account/members', managed(membersPage))
    desk.action('/account/members', managed(addMember))
    desk.action('/account/members/:userId', managed(changeMember))
    desk.page('/account/keys', managed(keysPage))
    desk.action('/account/keys', managed(makeKey))
    desk.action('/account/keys/:keyId/end', managed(endKey))
    desk.page('/account/subscriptions', managed(subscriptionsPage))
    desk.action('/account/subscriptions', managed(addSubscription))
    desk.page('/account/subscriptions/:id', managed(subscriptionPage))
    desk.action('/account/subscriptions/:id', managed(changeSubscription))
    desk.action('/account/subscriptions/:id/test', managed(testSubscription))
    desk.action('/account/subscriptions/:id/state', managed(pauseSubscription))
    desk.action('/account/subscriptions/:id/resend', managed(resendSubscription))
    desk.action('/account/subscriptions/:id/secret', managed(renewSecret))
    desk.action('/account/subscriptions/:id/remove', managed(removeSubscription))
    desk.page('/account/signing', managed(signingPage))
    desk.action('/account/signing', managed(makeSigningKey))
    desk.action('/account/signing/:keyName/retire', managed(retireSigningKey))
    desk.page('/account/mandates', ofEnterprise(mandatesPage))
    desk.action('/account/mandates', managed(giveMandate))
    desk.action('/account/mandates/:id/end', managed(endMandate))
    desk.page('/account/links', managed(linksPage))
    desk.action('/account/links', managed(chooseLink))
    desk.page('/account/rules', managed(rulesPage))
    desk.action('/account/rules', managed(chooseRule))
  },
}

type Handler<A> = (ask: A) => Promise<Shown> | Shown
type Own<A> = A & { readonly enterpriseId: string }

const ofEnterprise =
  <A extends Ask>(act: Handler<Own<A>>): Handler<A> =>
  (ask) => {
    const { enterprise } = ask.viewer
    return enterprise === undefined ? ask.notFound() : act({ ...ask, enterpriseId: enterprise.id })
  }

/** For its owners and admins; for anybody else there is no such page. */
const managed =
  <A extends Ask>(act: Handler<Own<A>>): Handler<A> =>
  (ask) =>
    managesEnterprise(ask.viewer) ? ofEnterprise<A>(act)(ask) : ask.notFound()
