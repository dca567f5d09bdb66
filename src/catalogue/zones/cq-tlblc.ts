/** 重庆铁路保税物流中心(B型). First B-type centre of the city; plot A built for e-commerce in 2016. Relation to the railway-port zone unknown. Old code 8006 (重庆东站) is not proven to belong to it. */
import { zone } from '../zone.ts'

export const cqTlblc = zone({
  code: 'CQ-TLBLC',
  zh: '重庆铁路保税物流中心(B型)',
  en: 'Chongqing Railway Bonded Logistics Center (Type B)',
  formerNames: [],
  type: 'BLC-B',
  approved: null,
  district: '沙坪坝区(西部物流园)',
  confidence: 'A：区域存在 / existence A',
  transportMode: 'W',
  lat: 29.63,
  lon: 106.34,
  offices: [],
  modes: [{ mode: '1210', status: 'e-commerce import firms present in 2018', confidence: 'A' }],
  sources: [
    'http://rail.ally.net.cn/html/2018/emg_int_1016/6258.html',
    'http://rebuildingeastninth.com/content/322.html',
  ],
})
