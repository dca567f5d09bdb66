/**
 * CEB900 报文格式校验回执报文. Source: XSD and field table of the 202205 edition.
 * Schema against text — returnTime: schema C17, spec table C…50.
 */
import { guid } from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const formatReply = message({
  code: 'CEB900',
  sort: 'format-reply',
  zh: '报文格式校验回执报文',
  en: 'Refusal of a message for its form',
  direction: 'both',
  node: 'MessageReturn',
  nodeMax: 1,
  key: ['oriCopMsgId'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  refused: 'oriCopMsgId',
  body: {
    fields: {
      guid,
      returnStatus: text({ zh: '回执状态', max: 10, note: 'Negative number.' }),
      returnInfo: text({
        zh: '回执详细信息',
        min: 0,
        max: 5000,
        note: 'Free text; customs results look like "[Code:nnnn;Desc:…]".',
      }),
      returnTime: text({
        zh: '操作时间',
        length: 17,
        moment: 17,
        readMax: 50,
        note: '17 digits in the schema; spec table says up to 50.',
      }),
      oriCopMsgId: text({
        zh: '原始传输报文的copMsgId',
        min: 0,
        max: 255,
        note: 'CopMsgId of the rejected transfer message.',
      }),
      oriMessageType: text({
        zh: '原始报文类型',
        min: 0,
        max: 15,
        note: 'e.g. CEB311Message; Unknown when it could not be read. (Spec: up to 15.)',
      }),
      oriBizMessage: text({
        zh: '原始报文内容',
        min: 0,
        raw: true,
        sensitive: true,
        note: 'Original business XML inside CDATA.',
      }),
    },
  },
})
