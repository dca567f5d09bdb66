/**
 * Causes behind the result codes of customs (`[Code:…;Desc:…]`): mostly documents of one consignment
 * that do not agree. Source: replies as seen in practice.
 */
import { cause, readText } from './cause.ts'

export const resultCauses = {
  'rejected-by-officer': readText(
    cause(
      ['declarant'],
      ['审单关员退单，原因写在描述里', 'An officer rejected it; the description gives the reason'],
      [
        '按描述改正后重新报送；看不明白时联系主管海关审单岗位',
        'Correct what the description names and send again; ask the customs office if it is not clear',
      ],
    ),
  ),
  'yearly-limit': cause(
    ['platform', 'declarant'],
    [
      '订购人跨境零售进口年度累计超过限值',
      'The buyer would exceed the yearly limit of retail imports',
    ],
    [
      '同一订购人本年度不能再按零售进口申报：取消订单并退款，或改按一般贸易办理；不要换他人身份重报',
      'This buyer cannot import under retail rules again this year: cancel and refund the order, or declare as general trade; never send it under another identity',
    ],
  ),
  'line-count-differs': cause(
    ['declarant', 'platform'],
    ['清单与订单的商品项数不同', 'List and order have different numbers of lines'],
    [
      '逐项核对清单与订单的 gnum，改正错的一方后重新报送',
      'Compare the gnum of list and order one by one; correct the side that is wrong and send it again',
    ],
  ),
  'lines-differ': cause(
    ['declarant', 'platform'],
    ['清单与订单同一序号的商品信息不同', 'List and order differ in the goods of a line'],
    [
      '按序号核对品名、数量、单位、单价和总价，改正错的一方后重新报送',
      'Compare name, quantity, unit, price and total by gnum; correct the side that is wrong and send it again',
    ],
  ),
  'buyer-is-not-payer': cause(
    ['platform', 'payer'],
    [
      '订单的订购人与支付单的支付人姓名或证件号码不同',
      'Buyer of the order and payer of the payment differ in name or identity number',
    ],
    [
      '平台核对订购人，支付企业核对支付人；改正错的一方（appType=2、更晚的 appTime），入库后重新报送清单',
      'The platform checks the buyer, the payment firm the payer; correct the wrong one (appType 2, later appTime), and send the list again once it is stored',
    ],
  ),
  'amount-differs': cause(
    ['platform', 'payer'],
    [
      '订单 acturalPaid 与支付单 amountPaid 不同，或订单金额不平',
      'acturalPaid of the order and amountPaid of the payment differ, or the order does not add up',
    ],
    [
      '核对 acturalPaid = goodsValue + freight + taxTotal − discount，且等于支付金额；改正错的一方后重新报送清单',
      'See that acturalPaid = goodsValue + freight + taxTotal − discount and equals the amount paid; correct the wrong side, then send the list again',
    ],
  ),
  'payment-firm-differs': cause(
    ['platform', 'payer'],
    ['订单与支付单的支付企业代码不同', 'Order and payment name different payment firms'],
    [
      '核对订单 payCode 与实际支付企业的海关代码，改正后重新报送',
      'Compare payCode of the order with the customs code of the firm that was paid through; correct it and send again',
    ],
  ),
  'buyer-differs-on-list': cause(
    ['declarant', 'platform'],
    ['清单与订单的订购人姓名或证件号码不同', 'List and order differ in the buyer’s name or number'],
    [
      '以订单为准改正清单的订购人；订单错时先变更订单，入库后再报清单',
      'Take the buyer over from the order; if the order is wrong, change it first and send the list once it is stored',
    ],
  ),
  'buyer-phone-differs': cause(
    ['declarant', 'platform'],
    ['清单与订单的订购人电话不同', 'List and order differ in the buyer’s telephone'],
    [
      '以订单为准改正清单 buyerTelephone 后重新报送',
      'Take buyerTelephone over from the order and send the list again',
    ],
  ),
  'not-registered': cause(
    ['sender'],
    [
      '企业未在海关备案该项跨境业务',
      'The enterprise is not registered with customs for this business',
    ],
    [
      '企业在单一窗口补办跨境电商相应资质（平台、电商、支付、物流、申报）的海关备案，生效后重新报送',
      'Register the enterprise for its role (platform, merchant, payment, carrier, declarant) in the single window; send again once that is in force',
    ],
  ),
  'list-released': cause(
    ['declarant'],
    [
      '相关清单已放行，不能再改或撤',
      'The list is released and can neither be changed nor cancelled',
    ],
    [
      '放行后不能撤单：需要退货的，在规定期限内报退货申请单',
      'Nothing is cancelled after release: hand in a return within the legal period if the goods come back',
    ],
  ),
  'check-passed': cause(
    ['nobody'],
    ['海关校验或审核通过', 'The check or review of customs was passed'],
    ['无需处理', 'Nothing to do'],
  ),
  'unknown-result': readText(
    cause(
      ['declarant', 'operator'],
      ['没有公布含义的结果代码', 'A result code whose meaning nobody published'],
      [
        '按描述文字改正；看不明白时向主管海关问明，并请运维人员登记含义',
        'Correct what the description names; if it is not clear ask the customs office, and tell the operator the meaning',
      ],
    ),
  ),
} as const
