/**
 * Causes behind negative status codes: refusals of the e-port, before customs sees the document. The
 * first eight are the sorts themselves and hold for every code that has none of its own.
 */
import { cause, readText } from './cause.ts'

const RESEND = [
  '换新 guid、更晚的 appTime 后重新报送',
  'send it again with a new guid and a later appTime',
] as const

export const errorCauses = {
  data: readText(
    cause(
      ['sender'],
      ['单证数据不符合要求', 'The data of the document do not meet the requirements'],
      [
        `按回执文字改正所指字段，${RESEND[0]}`,
        `Correct the field that the text names and ${RESEND[1]}`,
      ],
    ),
  ),
  state: cause(
    ['sender'],
    [
      '电子口岸所存单证的状态不允许本次操作',
      'The e-port holds the document in a state that does not allow this',
    ],
    [
      '先看单证历程和电子口岸上的现状：已办妥的不必再报，其余按现状改用新增或变更',
      'Look at the story of the document and at the e-port first: what is done needs no second sending, the rest is sent as new or as a change',
    ],
  ),
  lookup: cause(
    ['sender'],
    ['电子口岸查不到所指的单证或数据', 'The e-port finds no document or data under what was named'],
    [
      '核对单证编号和企业代码是否与原单证一字不差，确认原单证已入库后再报',
      'Compare number and enterprise codes with the original letter by letter, and send once the original is stored',
    ],
  ),
  limit: cause(
    ['operator'],
    ['一个报文内的业务数据过多', 'Too many business records in one message'],
    [
      '拆成较小的报文后重新报送；由本网关组包的，请通知运维人员',
      'Split it into smaller messages and send again; tell the operator if the gateway packed it',
    ],
  ),
  business: readText(
    cause(
      ['sender'],
      ['业务规则不允许', 'A business rule forbids it'],
      [
        '需人工判断：能更正的按回执文字更正后重报，不能更正的改走其他申报方式',
        'A person must decide: correct what the text names and send again, or declare in another way',
      ],
    ),
  ),
  auth: cause(
    ['sender', 'operator'],
    ['账号、证书或权限不符', 'Account, certificate or permission do not fit'],
    [
      '核对签名证书所属企业与申报企业是否一致，在单一窗口开通相应权限后重新报送',
      'See that the certificate belongs to the declaring enterprise, have the permission opened in the single window, then send again',
    ],
  ),
  signature: cause(
    ['operator', 'sender'],
    ['签名未通过校验', 'The signature was not accepted'],
    [
      '检查签名证书是否有效、是否属于报送企业；更换证书后重新报送，报文须重新签名',
      'See that the certificate is valid and the sender’s own; replace it and send again, freshly signed',
    ],
  ),
  system: cause(
    ['sender'],
    ['电子口岸系统异常', 'The e-port had a failure of its own'],
    [
      `内容不变，稍后${RESEND[0]}；反复出现时联系电子口岸客服`,
      `Later ${RESEND[1]}, content unchanged; call the e-port if it keeps coming`,
    ],
  ),
  'no-lines': cause(
    ['sender'],
    ['单证没有表体', 'The document has no lines'],
    [`至少补一项商品，${RESEND[0]}`, `Add at least one line and ${RESEND[1]}`],
  ),
  'line-number-repeated': cause(
    ['sender'],
    ['表体序号 gnum 重复', 'Two lines share a gnum'],
    [`序号从 1 起连续编排，${RESEND[0]}`, `Number the lines from 1 without a gap and ${RESEND[1]}`],
  ),
  'empty-body': cause(
    ['operator'],
    ['报文里没有业务数据', 'The message holds no business data'],
    [
      '报文在组包或传输中损坏：请运维人员核对所发字节后重新报送',
      'It was damaged while packed or carried: the operator compares the bytes sent, then it is sent again',
    ],
  ),
  'not-parsed': cause(
    ['operator'],
    ['电子口岸无法解析报文', 'The e-port could not parse the message'],
    [
      '核对报文版本、编码和命名空间与电子口岸现行版本是否一致，改正后重新报送',
      'Compare version, encoding and namespace with what the e-port has in force, then send again',
    ],
  ),
  duplicate: cause(
    ['sender'],
    ['同一编号的单证已存在', 'A document with this number exists already'],
    [
      '内容相同的不必再报；要改内容，用 appType=2 和更晚的 appTime 报变更；不是同一票的，换编号',
      'If it is the same, send nothing; to change it use appType 2 with a later appTime; if it is another one, give it another number',
    ],
  ),
  'several-match': cause(
    ['sender', 'operator'],
    ['同一主键查到多份单证', 'Several documents match the key'],
    [
      '补齐主键中的企业代码后再查或再报；仍有多份时请电子口岸清理',
      'Name the key with all its enterprise codes; if several are left, have the e-port clear them',
    ],
  ),
  'no-original': cause(
    ['sender'],
    [
      '没有可变更或删除的原单证，appType 不符',
      'There is no original to change or delete: appType does not fit',
    ],
    [
      '原单证未入库的，用 appType=1 新增；已入库的，核对编号与企业代码是否一致',
      'Send it as new (appType 1) if no original is stored; otherwise compare number and enterprise codes',
    ],
  ),
  'already-declared': cause(
    ['sender'],
    ['已据此向海关申报，不得改动', 'It was declared to customs and must not change any more'],
    [
      '确需改动的，先撤销清单（放行前），海关同意后再变更；只是重复报送的，不必处理',
      'If it must change, cancel the list before release and change it once customs agrees; a mere repetition needs nothing',
    ],
  ),
  'no-operation': cause(
    ['sender'],
    ['appType、appStatus 没有对应的操作', 'No operation fits appType and appStatus'],
    [
      '核对 appType（1 新增、2 变更、3 删除）和 appStatus（1 暂存、2 申报）后重新报送',
      'Check appType (1 new, 2 change, 3 delete) and appStatus (1 draft, 2 declare), then send again',
    ],
  ),
  stale: cause(
    ['sender'],
    ['报送时间早于已存版本，不予处理', 'It is older than the stored version and was ignored'],
    [
      '已存版本即为最新的，不必处理；要覆盖它，用比它更晚的 appTime 重新报送',
      'If the stored version is the right one, do nothing; to replace it, send with an appTime later than its own',
    ],
  ),
  'single-limit': cause(
    ['platform', 'declarant'],
    ['金额超过单次交易限值', 'The amount exceeds the limit of a single purchase'],
    [
      '核对金额；确实超限的，只有单件不可分割的商品可在年度限值内全额征税申报，其余取消订单或改按一般贸易办理',
      'Check the amounts; above the limit only a single indivisible item may go, fully taxed and within the yearly limit; otherwise cancel the order or declare as general trade',
    ],
  ),
  'quota-exceeded': cause(
    ['platform', 'declarant'],
    ['订购人个人额度不足', 'The buyer’s personal quota does not suffice'],
    [
      '本年度额度用尽：取消订单并退款，或改按一般贸易办理；不要换他人身份重报',
      'The quota of the year is used up: cancel and refund the order or declare as general trade; never send it under another identity',
    ],
  ),
  'quota-system': cause(
    ['sender'],
    ['个人额度系统查询或登记失败', 'The system of personal quotas failed'],
    [
      '与额度多少无关：内容不变，稍后重新报送；反复出现时联系电子口岸客服',
      'It says nothing about the quota: send the same content again later; call the e-port if it keeps coming',
    ],
  ),
  'sent-not-noted': cause(
    ['nobody'],
    [
      '已发海关，只是电子口岸的状态没有更新',
      'It went to customs; only the state at the e-port was not updated',
    ],
    [
      '不要重报，等待海关回执；一个工作日仍无回执时联系电子口岸客服',
      'Do not send it again: wait for the reply of customs, and call the e-port after a working day without one',
    ],
  ),
  'not-sent-on': cause(
    ['sender'],
    ['电子口岸未能发往海关', 'The e-port could not send it to customs'],
    [
      `内容不变，稍后${RESEND[0]}；反复出现时联系电子口岸客服`,
      `Later ${RESEND[1]}, content unchanged; call the e-port if it keeps coming`,
    ],
  ),
  'reply-not-parsed': cause(
    ['nobody', 'operator'],
    ['电子口岸未能解析海关回执', 'The e-port could not parse what customs answered'],
    [
      '单证本身未必有错：等待补发的回执，一个工作日仍无结果时联系电子口岸客服',
      'Nothing need be wrong with the document: wait for the reply to come again, and call the e-port after a working day',
    ],
  ),
  'not-declaring': cause(
    ['sender'],
    ['单证不在“申报中”状态', 'The document is not in the state “declaring”'],
    [
      '先看当前状态：暂存的先申报；已退单的改正后重报；已办结的不必处理',
      'Look at its state: declare a draft, correct and send again what was rejected, leave alone what is finished',
    ],
  ),
  'change-not-allowed': cause(
    ['sender'],
    ['当前状态不允许变更或删除', 'Its state allows neither change nor deletion'],
    [
      '等待本次申报有结果；退单后改正重报，放行前需改动的先撤单',
      'Wait for the result; correct and send again after a rejection, or cancel before release',
    ],
  ),
  'cancel-not-allowed': cause(
    ['declarant'],
    ['清单当前状态不允许撤销', 'The state of the list does not allow its cancellation'],
    [
      '已放行的不能撤销，需退货的报退货申请单；正在审核、查验的等有结果后再申请',
      'A released list is not cancelled: hand in a return; one under review or inspection waits for its result',
    ],
  ),
  'list-unknown': cause(
    ['declarant'],
    ['查不到所指清单', 'The list that was named is not found'],
    [
      '用海关回执给出的 invtNo、preNo 和原 copNo，核对无误后重新报送',
      'Take invtNo and preNo from the reply of customs and copNo from the list, then send again',
    ],
  ),
  'key-missing': cause(
    ['sender'],
    ['主键为空，或主键所指的记录不存在', 'A key is empty, or the record it names does not exist'],
    [
      '补齐编号和企业代码；撤销、退货申请先确认原清单已入库',
      'Fill in number and enterprise codes; before a cancellation or return see that the list is stored',
    ],
  ),
  'reason-missing': cause(
    ['declarant'],
    ['没有填写申请原因', 'The reason of the application is empty'],
    ['填写 reason 后重新报送', 'Fill in reason and send again'],
  ),
  'reload-needed': cause(
    ['sender'],
    ['数据未保存或已被他人改动', 'It was not saved, or somebody else changed it'],
    ['在单一窗口刷新后核对，再重新报送', 'Reload it in the single window, compare, and send again'],
  ),
  'enterprise-wrong': cause(
    ['sender'],
    ['企业代码或企业类型无效', 'Code or type of an enterprise is not valid'],
    [
      '核对各企业的海关注册编码或统一社会信用代码，以及其跨境业务备案类型是否有效',
      'Check the customs or credit code of each enterprise and that its registration for this role is in force',
    ],
  ),
  'card-differs': cause(
    ['declarant', 'operator'],
    [
      '申报企业与操作员卡（证书）所属企业不一致',
      'The declaring enterprise is not the one its card (certificate) belongs to',
    ],
    [
      '用申报企业自己的证书签名，或在单证里填写证书所属企业后重新报送',
      'Sign with the declaring enterprise’s own certificate, or name the enterprise of the certificate, and send again',
    ],
  ),
  'no-permission': cause(
    ['declarant'],
    ['没有该项业务的操作权限', 'The permission for this business is missing'],
    [
      '由企业管理员在单一窗口为该卡开通权限，生效后重新报送',
      'The enterprise’s administrator opens it for the card in the single window; send again once it is in force',
    ],
  ),
  'signature-missing': cause(
    ['operator'],
    ['报文没有签名', 'The message has no signature'],
    [
      '检查报送企业是否已登记签名证书，登记后重新报送',
      'See that the sender has a signing key registered, then send again',
    ],
  ),
  'signature-not-kept': cause(
    ['sender'],
    ['电子口岸保存签名失败', 'The e-port could not store the signature'],
    [
      '签名本身未必有错：稍后重新报送，反复出现时联系电子口岸客服',
      'The signature need not be wrong: send again later, and call the e-port if it keeps coming',
    ],
  ),
  'signature-differs': cause(
    ['operator'],
    ['签名数据与报送数据不一致', 'What was signed is not what was sent'],
    [
      '报文签名后被改动：检查签名之后的中间环节，重新签名报送',
      'The message was changed after signing: look at what stands between, sign and send again',
    ],
  ),
  'return-line-unknown': cause(
    ['declarant'],
    [
      '退货商品（gnum、gcode）不在原清单内',
      'The line of the return (gnum, gcode) is not on the original list',
    ],
    [
      '退货单的序号、商品编码照抄原清单对应项，数量不超过原数量',
      'Copy gnum and gcode from the line of the list, with no more than its quantity',
    ],
  ),
  'goods-not-on-record': cause(
    ['declarant'],
    ['商品与备案记录不符或未备案', 'The goods are not on record, or differ from their record'],
    [
      '核对账册备案序号、料号、商品编码和计量单位，先办备案再报送',
      'Compare item number, part number, HS code and units with the record; have it recorded first',
    ],
  ),
  'hs-code-wrong': cause(
    ['declarant'],
    [
      '商品编码不在参数库内，或与参数库不符',
      'The HS code is not in the parameter library, or the line differs from it',
    ],
    [
      '按现行税则核对 10 位商品编码和法定计量单位后重新报送',
      'Check the 10-digit HS code and its legal units against the tariff in force, then send again',
    ],
  ),
  'pre-number-foreign': cause(
    ['declarant'],
    ['预录入编号不是电子口岸给的', 'preNo does not come from the e-port'],
    [
      '首次报送不填 preNo，之后照抄回执里的',
      'Leave preNo out at first, later copy it from the reply',
    ],
  ),
  'second-quantity': cause(
    ['declarant'],
    ['第二法定数量与单位没有同时填写', 'Second legal quantity and unit are not there together'],
    [
      'qty2、unit2 同时填写（qty2 大于 0）或同时不填',
      'Fill in qty2 and unit2 both (qty2 above 0) or neither',
    ],
  ),
  'form-refused': cause(
    ['operator', 'sender'],
    ['报文格式未通过校验', 'The form of the message was refused'],
    [
      '按回执所指位置改正；其中每份单证都要重新报送',
      'Correct the place the reply names; every document of the message must be sent again',
    ],
  ),
  'unknown-error': readText(
    cause(
      ['operator'],
      ['没有公布含义的错误代码', 'An error code whose meaning nobody published'],
      [
        '按回执文字改正后重新报送；看不明白时向电子口岸问明，并登记含义',
        'Correct what the text names and send again; if it is not clear ask the e-port, and write the meaning down',
      ],
    ),
  ),
} as const
