/** 重庆南彭公路保税物流中心(B型). Road hub to ASEAN since 2016-04-28. */
import { zone } from '../zone.ts'

export const cqNpblc = zone({
  code: 'CQ-NPBLC',
  zh: '重庆南彭公路保税物流中心(B型)',
  en: 'Chongqing Nanpeng Highway Bonded Logistics Center (Type B)',
  formerNames: [],
  type: 'BLC-B',
  approved: null,
  district: '巴南区',
  confidence: 'A：区域存在；B型属性为 M / existence A, its type B marked M',
  transportMode: 'W',
  lat: 29.37,
  lon: 106.69,
  offices: [],
  modes: [
    {
      mode: '1210',
      status: 'live (JD Worldwide, about 7,000 orders a day in early 2023)',
      confidence: 'A',
    },
  ],
  sources: [
    'https://www.transformcn.com/en/2023-04/15/content_351702.htm',
    'https://www.ichongqing.info/2021/01/08/chongqing-cross-border-highway-regular-lorry-departures-exceeds-5000/',
    'public GitHub text index file 28672127022 (SORTLINE06)',
  ],
})
