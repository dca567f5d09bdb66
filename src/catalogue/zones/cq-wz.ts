/** 重庆万州综合保税区. Fifth zone; phase 1 almost complete in Nov 2021, acceptance planned for Feb 2022; exact dates unknown. */
import { zone } from '../zone.ts'

export const cqWz = zone({
  code: 'CQ-WZ',
  zh: '重庆万州综合保税区',
  en: 'Chongqing Wanzhou Comprehensive Bonded Zone',
  formerNames: [],
  type: 'CBZ',
  approved: null,
  district: '万州区',
  confidence: 'A',
  transportMode: 'Y',
  lat: 30.73,
  lon: 108.33,
  offices: [{ code: '8005', zh: '万州海关', confidence: 'B' }],
  modes: [
    { mode: '1210', status: 'legally available; live status unknown', confidence: 'uncertain' },
  ],
  sources: ['http://www.wz.gov.cn/jkq/wzjkq/xwzx/zwyw_106886/202111/t20211110_9943626.html'],
})
