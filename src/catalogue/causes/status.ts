/**
 * Causes behind official statuses: what a document on its way, held or refused asks of whom. Source:
 * texts of the 202205 edition and practice.
 */
import { cause, readText } from './cause.ts'

export const statusCauses = {
  'kept-as-draft': cause(
    ['sender'],
    ['电子口岸只暂存，没有申报', 'The e-port keeps it as a draft and has not declared it'],
    [
      '在单一窗口确认申报，或改 appStatus=2、换新 guid 和更晚的 appTime 后重新报送',
      'Confirm it in the single window, or send it again with appStatus 2, a new guid and a later appTime',
    ],
  ),
  'on-its-way': cause(
    ['nobody'],
    ['正在办理', 'It is being dealt with'],
    ['无需处理，等待下一份回执', 'Nothing to do: the next reply will come'],
  ),
  'not-forwarded': cause(
    ['sender', 'operator'],
    ['电子口岸未能转发给海关', 'The e-port could not pass it on to customs'],
    [
      '内容不变，换新 guid、更晚的 appTime 后重新报送；反复失败时请运维人员联系电子口岸',
      'Send the same content again with a new guid and a later appTime; if it keeps failing, the operator asks the e-port',
    ],
  ),
  'rejected-by-customs': readText(
    cause(
      ['sender'],
      ['海关退单，原因见回执文字', 'Customs rejected it for the reason in the text'],
      [
        '按回执文字改正，换新 guid、更晚的 appTime 后重新报送',
        'Correct what the text names and send it again with a new guid and a later appTime',
      ],
    ),
  ),
  'under-review': cause(
    ['customs'],
    ['等待海关人工审核', 'An officer of customs looks at it'],
    [
      '等待审核结果；备好交易、支付、物流凭证，海关要求时补充',
      'Wait for the result; have the vouchers of trade, payment and transport at hand in case customs asks',
    ],
  ),
  'under-inspection': cause(
    ['customs', 'declarant'],
    ['海关布控查验', 'Customs inspects the goods'],
    [
      '联系监管场所安排查验，派人到场配合，等待查验结果',
      'Arrange the inspection with the supervised site, be present, and wait for the result',
    ],
  ),
  'held-by-customs': cause(
    ['declarant'],
    [
      '货物被扣留，移交海关其他部门',
      'The goods are held and were passed to another department of customs',
    ],
    [
      '联系主管海关问明扣留原因和处理部门，按要求提交材料；期间不要撤单或重报',
      'Ask the customs office for the reason and the department, submit what it wants; neither cancel nor declare again meanwhile',
    ],
  ),
  'suspended-by-customs': cause(
    ['declarant', 'customs'],
    ['海关挂起，暂不处理', 'Customs has suspended it'],
    [
      '联系主管海关问明挂起原因，补齐材料后等待恢复办理',
      'Ask the customs office why, hand in what is missing, and wait until it goes on',
    ],
  ),
  'goods-go-back': cause(
    ['declarant', 'carrier'],
    ['海关决定退运', 'Customs sends the goods back'],
    [
      '由物流企业安排退运出境或退回，通知平台为订购人退款；该清单不再申报',
      'The carrier takes the goods back, the platform refunds the buyer; this list is not declared again',
    ],
  ),
  finished: cause(['nobody'], ['已办结', 'It is finished'], ['无需处理', 'Nothing to do']),
  'unknown-status': readText(
    cause(
      ['operator'],
      ['没有公布含义的状态码', 'A status code whose meaning nobody published'],
      [
        '按回执文字判断，向电子口岸或主管海关问明该代码的含义；清楚之前不要重报',
        'Judge by the text and ask the e-port or the customs office what the code means; do not send again before',
      ],
    ),
  ),
  'real-name': cause(
    ['platform'],
    [
      '订购人姓名与身份证件号码实名核验不符（实践所见，非正式代码）',
      'The real-name check failed: name and identity number do not belong together (seen in practice, no official code)',
    ],
    [
      '请订购人更正姓名或证件号码，订单、支付单、清单一并更正后重新报送',
      'Have the buyer correct name or number; correct order, payment and list alike and send them again',
    ],
  ),
} as const
