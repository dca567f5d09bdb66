/** 重庆西永综合保税区. An FTZ page from about 2017 gives 8.8 km2. One firm cleared 350,000 orders on 2020-11-01. Name of the customs office: own knowledge. */
import { zone } from '../zone.ts'

export const cqXy = zone({
  code: 'CQ-XY',
  zh: '重庆西永综合保税区',
  en: 'Chongqing Xiyong Comprehensive Bonded Zone',
  formerNames: [],
  type: 'CBZ',
  approved: '2010-02',
  district: '沙坪坝区(重庆高新区)',
  confidence: 'A',
  transportMode: 'Y',
  lat: 29.6,
  lon: 106.37,
  offices: [
    { code: '8013', zh: '西永综保', confidence: 'B', isZonesOwn: true },
    {
      code: '8012',
      zh: '',
      confidence: 'uncertain: hard-wired by old bonded-import adapters, name unknown',
    },
  ],
  modes: [
    { mode: '1210', status: 'live', confidence: 'A' },
    { mode: '9610', status: 'legally available', confidence: 'M' },
    { mode: '9710', status: 'legally available', confidence: 'M' },
    { mode: '9810', status: 'legally available', confidence: 'M' },
  ],
  sources: [
    'https://www.ichongqing.info/2024/07/24/chongqing-xiyong-comprehensive-bonded-zone/',
    'https://www.ichongqing.info/2020/11/16/cross-border-e-commerce-enters-fast-lane-in-time-for-double-eleven-promotion/amp/',
    'http://rebuildingeastninth.com/content/322.html',
  ],
})
