/** 重庆两路果园港综合保税区. Water-port and airport parts. Renamed between 2021-07 and 2022-06. 618 of 2024: 1.1 m parcels, > CNY 220 m. */
import { zone } from '../zone.ts'

export const cqLlgy = zone({
  code: 'CQ-LLGY',
  zh: '重庆两路果园港综合保税区',
  en: 'Chongqing Lianglu Guoyuan Port Comprehensive Bonded Zone',
  formerNames: ['重庆两路寸滩保税港区', '重庆两路寸滩综合保税区'],
  type: 'CBZ',
  approved: '2008-11-12',
  district: '两江新区(渝北区/江北区)',
  confidence: 'A',
  transportMode: 'Y',
  lat: 29.72,
  lon: 106.66,
  offices: [
    { code: '8011', zh: '两路空港', confidence: 'B' },
    { code: '8010', zh: '寸滩水港', confidence: 'B' },
  ],
  modes: [
    { mode: '1210', status: 'live', confidence: 'A' },
    { mode: '9610', status: 'legally available', confidence: 'M' },
    { mode: '9710', status: 'legally available', confidence: 'M' },
    { mode: '9810', status: 'legally available', confidence: 'M' },
  ],
  sources: [
    'http://en.investincq.com/index.php?c=content&a=show&id=202',
    'http://china.zjol.com.cn/05china/system/2011/12/14/018076963.shtml',
    'https://english.liangjiang.gov.cn/2024-06/20/c_997730.htm',
    'http://big5.www.gov.cn/gate/big5/www.gov.cn//jrzg/2011-02/28/content_1812981.htm',
  ],
})
