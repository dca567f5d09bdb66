/** 重庆江津综合保税区. Phase 1 fenced 1.28 km2. */
import { zone } from '../zone.ts'

export const cqJj = zone({
  code: 'CQ-JJ',
  zh: '重庆江津综合保税区',
  en: 'Chongqing Jiangjin Comprehensive Bonded Zone',
  formerNames: [],
  type: 'CBZ',
  approved: '2017-01-17',
  district: '江津区',
  confidence: 'A',
  transportMode: 'Y',
  lat: 29.32,
  lon: 106.44,
  offices: [],
  modes: [
    { mode: '1210', status: 'legally available; live status unknown', confidence: 'uncertain' },
  ],
  sources: ['https://cq.cri.cn/chinanews/20180424/7b0b3c7c-2732-9964-bdf0-ea52936f1e5f.html'],
})
