/** 重庆国际铁路港综合保税区. Seventh zone; did not exist in the 2019-2022 planning period of the source document. */
import { zone } from '../zone.ts'

export const cqTlg = zone({
  code: 'CQ-TLG',
  zh: '重庆国际铁路港综合保税区',
  en: 'Chongqing International Railway Port Comprehensive Bonded Zone',
  formerNames: [],
  type: 'CBZ',
  approved: '2024-04-30',
  district: '沙坪坝区(团结村)',
  confidence: 'B',
  transportMode: 'Y',
  lat: 29.63,
  lon: 106.33,
  offices: [],
  modes: [
    { mode: '1210', status: 'legally available; live status unknown', confidence: 'uncertain' },
  ],
  sources: ['http://www.goomeyun.net/cj/cjyw/2025-09-23/1782998.html'],
})
