/** 重庆永川综合保税区. Sixth zone. */
import { zone } from '../zone.ts'

export const cqYc = zone({
  code: 'CQ-YC',
  zh: '重庆永川综合保税区',
  en: 'Chongqing Yongchuan Comprehensive Bonded Zone',
  formerNames: [],
  type: 'CBZ',
  approved: '2021-07-06',
  district: '永川区',
  confidence: 'A',
  transportMode: 'Y',
  lat: 29.37,
  lon: 105.93,
  offices: [],
  modes: [
    { mode: '1210', status: 'legally available; live status unknown', confidence: 'uncertain' },
  ],
  sources: ['https://wanpiaopiao.cn/show/74187.html'],
})
