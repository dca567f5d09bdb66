/**
 * The facts at the head of a field page: how a kind is sent, answered and signed, and how it hangs
 * together with the others. Each sort of message has its own; all of it follows from the catalogue.
 * Marks of the texts: see `field-page.ts`.
 */
import { declarations, formatReplies, notices, replies, rootOf } from '../catalogue/index.ts'
import { matchFields } from '../catalogue/match-fields.ts'
import type { Act, Declaration, Message, Need, Notice, Reply, Trade } from '../catalogue/message.ts'
import { roleNames } from '../catalogue/roles.ts'
import { officialStatus, states } from '../catalogue/statuses.ts'
import type { Text } from '../kernel/fault.ts'

export interface Fact {
  readonly label: Text
  readonly value: Text
}

export const factsOf = (entry: Message): readonly Fact[] => [
  fact('方向', 'Direction', directions[entry.direction]),
  ...senderFacts(entry),
  fact('元素', 'Element', same(`${code(rootOf(entry))} / ${code(entry.node)}`)),
  fact('每个报文份数', 'In one message', capText(entry)),
  fact('业务主键', 'Key', same(named(entry.key, ' + '))),
  ...ownFacts(entry),
]

export const directions: Readonly<Record<Message['direction'], Text>> = {
  import: { zh: '进口', en: 'import' },
  export: { zh: '出口', en: 'export' },
  both: { zh: '进出口', en: 'import and export' },
}

export const verbNames: Readonly<Record<Act['verb'], Text>> = {
  cancel: { zh: '撤销', en: 'cancels' },
  return: { zh: '退货', en: 'returns goods of' },
  tally: { zh: '理货', en: 'tallies goods of' },
  arrive: { zh: '运抵', en: 'tells the arrival of' },
  depart: { zh: '离境', en: 'tells the departure of' },
  consolidate: { zh: '总分单归并', en: 'puts under one master note' },
  summarise: { zh: '汇总', en: 'sums up' },
  deliver: { zh: '签收', en: 'tells the delivery of' },
}

const fact = (zh: string, en: string, value: Text): Fact => ({ label: { zh, en }, value })
const same = (text: string): Text => ({ zh: text, en: text })
const code = (name: string): string => `\`${name}\``
const named = (names: readonly string[], joint: string): string => names.map(code).join(joint)
const link = (kind: string): string => `[${kind}]`

const joined = (texts: readonly Text[], zh = '、', en = ', '): Text => ({
  zh: texts.map((text) => text.zh).join(zh),
  en: texts.map((text) => text.en).join(en),
})

const capText = ({ nodeMax }: Message): Text =>
  Number.isFinite(nodeMax) ? same(`≤${nodeMax}`) : { zh: '不限', en: 'any number' }

const senderFacts = (entry: Message): readonly Fact[] => {
  if (entry.sort === 'declaration') {
    const owners = entry.owners.map(({ role, field }) => ({
      zh: `${roleNames[role].zh}（${code(field)}）`,
      en: `${roleNames[role].en} (${code(field)})`,
    }))
    const refusals = formatReplies.map((format) => link(format.code)).join(' ')
    return [
      fact('报送企业', 'Handed in by', joined(owners, '或', ' or ')),
      fact('回执', 'Answered by', {
        zh: `${link(entry.reply)}；格式不合 ${refusals}`,
        en: `${link(entry.reply)}; when its form is wrong ${refusals}`,
      }),
    ]
  }
  const sender = fact('发送方', 'Sent by', { zh: '电子口岸、海关', en: 'the e-port and customs' })
  if (entry.sort === 'reply') return [sender, fact('回答', 'Answers', same(link(entry.answers)))]
  return [sender]
}

const ownFacts = (entry: Message): readonly Fact[] => {
  if (entry.sort === 'declaration') return declarationFacts(entry)
  if (entry.sort === 'format-reply')
    return [
      fact('拒收的报文', 'The message it refuses', {
        zh: `按 ${code(entry.refused)} 对应传输报文的 CopMsgId，整个报文退回`,
        en: `found by ${code(entry.refused)}, the CopMsgId of its transfer; all of it is refused`,
      }),
      fact('状态字段', 'Status fields', same(named(Object.values(entry.status), ', '))),
    ]
  if (entry.sort === 'notice') return noticeFacts(entry)
  return [
    fact('状态字段', 'Status fields', same(named(Object.values(entry.status), ', '))),
    ...givenFact(entry),
  ]
}

const givenFact = ({ gives = [] }: Reply | Notice): readonly Fact[] =>
  gives.length === 0 ? [] : [fact('海关给号', 'Numbers it gives', same(named(gives, ', ')))]

const noticeFacts = (entry: Notice): readonly Fact[] => {
  const { kind, by, follows } = entry.about
  const { zh, en } = officialStatus(follows)
  return [
    fact('所告单证', 'Tells of', {
      zh: `${link(kind)}，按 ${code(by)}；通常在其状态 ${code(follows)}（${zh}）之后`,
      en: `${link(kind)}, by ${code(by)}; usually after its status ${code(follows)} (${en})`,
    }),
    fact('状态字段', 'Status fields', same(named(Object.values(entry.status), ', '))),
    ...givenFact(entry),
  ]
}

const declarationFacts = (entry: Declaration): readonly Fact[] => [
  fact('签名', 'Signature', signatures[entry.signature]),
  ...consignmentFacts(entry),
  ...actFacts(entry),
  ...laterFacts(entry),
  ...summarisedFact(entry),
  ...comparedFacts(entry),
  ...(entry.trade === undefined
    ? []
    : [
        fact('统计', 'Counts', {
          zh: `办结后按 ${code(tradeField(entry.trade))} 计入交易额`,
          en: `in the totals once it is done, by ${code(tradeField(entry.trade))}`,
        }),
      ]),
  fact('办结状态', 'Done when', joined(entry.done.map((state) => states[state]))),
]

const tradeField = ({ lines }: Trade): string => `${lines.group}/${lines.amount}`

const signatures: Readonly<Record<Declaration['signature'], Text>> = {
  required: {
    zh: '架构必填；网关签名后发送',
    en: 'required by the schema; the gateway signs what it sends',
  },
  optional: {
    zh: '架构可选；网关一律签名后发送',
    en: 'optional by the schema; the gateway signs all it sends',
  },
}

/** Declarations that bring a part of this name. */
const offering = (part: string): readonly Declaration[] =>
  declarations.filter(({ offers }) => offers?.part === part)

const consignmentFacts = (entry: Declaration): readonly Fact[] => {
  const waiters = declarations.filter(({ needs }) =>
    needs?.some(({ part }) => part === entry.offers?.part),
  )
  return [
    ...(entry.consignment === undefined
      ? []
      : [fact('归入四单', 'Consignment', same(`${code(entry.consignment)}`))]),
    ...(entry.needs === undefined
      ? []
      : [fact('等待', 'Waits for', joined(entry.needs.map(needText), '；', '; '))]),
    ...(waiters.length === 0
      ? []
      : [
          fact('等它的单证', 'Waited for by', same(waiters.map((one) => link(one.code)).join(' '))),
        ]),
  ]
}

const needText = ({ part, on, via, until }: Need): Text => {
  const kinds = offering(part)
    .map((one) => link(one.code))
    .join(' ')
  const fields = named(via === undefined ? on : [via, ...on], '、')
  const day =
    until === undefined ? '' : `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6)}`
  return {
    zh: `${kinds}（${fields} 一致）${day === '' ? '' : `，仅 ${day} 以前申报的`}`,
    en: `${kinds} (same ${fields.replaceAll('、', ', ')})${day === '' ? '' : `, only when declared before ${day}`}`,
  }
}

const actFacts = ({ acts }: Declaration): readonly Fact[] => {
  if (acts === undefined) return []
  const by = code(acts.group === undefined ? acts.by : `${acts.group}/${acts.by}`)
  const after = joined([reachOf(acts), resultOf(acts)], '', '')
  return [
    fact('作用', 'Acts on', {
      zh: `${verbNames[acts.verb].zh} ${link(acts.on)}，按 ${by}${after.zh}`,
      en: `${verbNames[acts.verb].en} ${link(acts.on)}, found by ${by}${after.en}`,
    }),
  ]
}

const reachOf = ({ merchant }: Act): Text =>
  merchant === undefined
    ? nothing
    : {
        zh: `；${code(merchant)} 相同的，由其他代理提交的也适用`,
        en: `; also where another agent filed it, with the same ${code(merchant)}`,
      }

const resultOf = ({ makes, answered, making }: Act): Text =>
  joined([outcomeOf(makes, answered), making === undefined ? nothing : MADE], '', '')

const nothing: Text = { zh: '', en: '' }
const MADE: Text = { zh: '；网关可由原单生成', en: '; the gateway can make it from that one' }

const outcomeOf = (makes: Act['makes'], answered: Act['answered']): Text => {
  if (makes !== undefined)
    return { zh: `；办结后其状态为${states[makes].zh}`, en: `; then it is ${states[makes].en}` }
  if (answered === undefined) return nothing
  const { zh, en } = officialStatus(answered)
  return {
    zh: `；之后其回执为 ${code(answered)}（${zh}）`,
    en: `; its own reply is then ${code(answered)} (${en})`,
  }
}

const summarisedFact = ({ summarised }: Declaration): readonly Fact[] => {
  if (summarised === undefined) return []
  const { flag, consolidated, simplified } = summarised
  return [
    fact('汇总', 'Summed up', {
      zh: `${code(flag)} 为 ${code(consolidated)} 时按月汇总申报，为 ${code(simplified)} 时不汇总`,
      en: `every month when ${code(flag)} is ${code(consolidated)}, never when it is ${code(simplified)}`,
    }),
  ]
}

/** What comes after it: documents that act on it, and what customs tells of it unasked. */
const laterFacts = (entry: Declaration): readonly Fact[] => {
  const actors = declarations.filter(({ acts }) => acts?.on === entry.code)
  const told = notices.filter(({ about }) => about.kind === entry.code)
  const given = replies.find(({ answers }) => answers === entry.code)?.gives ?? []
  return [
    ...(given.length === 0
      ? []
      : [fact('海关给号', 'Numbers given by customs', same(named(given, ', ')))]),
    ...(actors.length === 0
      ? []
      : [
          fact('后续单证', 'Acted on by', {
            zh: actors
              .map(({ code: kind, acts }) => `${link(kind)} ${acts ? verbNames[acts.verb].zh : ''}`)
              .join('、'),
            en: actors.map(({ code: kind, en }) => `${link(kind)} ${en}`).join(', '),
          }),
        ]),
    ...(told.length === 0
      ? []
      : [
          fact(
            '海关告知',
            'Told of by',
            joined(
              told.map((one) => ({
                zh: `${link(one.code)} ${one.zh}`,
                en: `${link(one.code)} ${one.en}`,
              })),
            ),
          ),
        ]),
  ]
}

/** Fields that customs compares with those of its companions (四单对碰), as far as practice shows. */
const comparedFacts = (entry: Declaration): readonly Fact[] => {
  const own = new Map<string, string[]>()
  for (const { sides } of matchFields)
    for (const [side, other] of [sides, [sides[1], sides[0]]] as const)
      if (side[0] === entry.code)
        own.set(side[1], [...(own.get(side[1]) ?? []), `${link(other[0])} ${code(other[1])}`])
  const compared = [...own].map(([name, others]) => [code(name), ...others].join(' = '))
  return compared.length === 0
    ? []
    : [fact('海关比对', 'Compared by customs', same(compared.join('; ')))]
}
