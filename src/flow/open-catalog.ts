/**
 * Open data as files and as an entry of a data catalogue: the published edition as CSV, and metadata
 * in the words of DCAT (W3C), which data platforms of cities harvest.
 */
import { textCell } from './exports-csv.ts'
import type { OpenTotals } from './open-data.ts'

export const OPEN_JSON = '/api/v1/open/totals.json'
export const OPEN_CSV = '/api/v1/open/totals.csv'
export const OPEN_CATALOG = '/api/v1/open/catalog.json'

/** UTF-8 with a byte order mark; the columns are those of the page about open data. */
export const openCsv = ({ rows, asOf, months }: OpenTotals): string => {
  const states = new Map(months.map(({ month, state }) => [month, state]))
  const lines = rows.map((row) =>
    [
      ...[row.scope, row.month, row.direction, row.zone, row.zoneName.zh, row.mode].map(textCell),
      ...[String(row.count), row.amount, String(row.mergedCells), row.incomplete ? 'yes' : 'no'],
      ...[states.get(row.month) ?? '', asOf],
    ].join(),
  )
  return `\u{feff}${[COLUMNS.join(), ...lines].join('\r\n')}\r\n`
}

const COLUMNS = [
  ...['scope', 'month', 'direction', 'zone', 'zone_name', 'mode', 'count', 'amount_cny'],
  ...['merged_cells', 'incomplete', 'month_state', 'as_of'],
]

/** `base` is where the gateway is reached, without a slash at its end; '' makes the links relative. */
export const openCatalog = (edition: OpenTotals, base: string) => {
  const { title, asOf, licence, source, note, year } = edition
  const inBoth = ({ zh, en }: typeof title) => [
    { '@value': zh, '@language': 'zh' },
    { '@value': en, '@language': 'en' },
  ]
  const distribution = (path: string, mediaType: string) => ({
    '@type': 'dcat:Distribution',
    'dcat:downloadURL': `${base}${path}?year=${year}`,
    'dcat:mediaType': mediaType,
    'dct:license': licence,
  })
  return {
    '@context': {
      dcat: 'http://www.w3.org/ns/dcat#',
      dct: 'http://purl.org/dc/terms/',
      xsd: 'http://www.w3.org/2001/XMLSchema#',
    },
    '@type': 'dcat:Catalog',
    'dct:title': inBoth(title),
    'dcat:dataset': [
      {
        '@type': 'dcat:Dataset',
        '@id': `${base}${OPEN_JSON}?year=${year}`,
        'dct:title': inBoth(title),
        'dct:description': inBoth(note),
        'dct:provenance': inBoth(source),
        'dct:license': licence,
        'dct:modified': asOf,
        'dct:accrualPeriodicity': 'http://purl.org/cld/freq/daily',
        'dct:temporal': { 'dcat:startDate': `${year}-01-01`, 'dcat:endDate': `${year}-12-31` },
        'dct:language': ['zh', 'en'],
        'dcat:distribution': [
          distribution(OPEN_JSON, 'application/json'),
          distribution(OPEN_CSV, 'text/csv'),
        ],
      },
    ],
  }
}
