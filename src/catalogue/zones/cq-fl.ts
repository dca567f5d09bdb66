/** 重庆涪陵综合保税区. Fourth of six by July 2021; approval year 2018 from own knowledge only. */
import { zone } from '../zone.ts'

export const cqFl = zone({
  code: 'CQ-FL',
  zh: '重庆涪陵综合保税区',
  en: 'Chongqing Fuling Comprehensive Bonded Zone',
  formerNames: [],
  type: 'CBZ',
  approved: null,
  district: '涪陵区',
  confidence: 'A：区域存在；其余待核实 / existence A, everything else uncertain',
  transportMode: 'Y',
  lat: 29.74,
  lon: 107.3,
  offices: [],
  modes: [
    { mode: '1210', status: 'legally available; live status unknown', confidence: 'uncertain' },
  ],
  sources: [
    'http://english.liangjiang.gov.cn/2021-07/23/content_37545849.htm (six zones in total)',
  ],
})
