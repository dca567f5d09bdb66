/**
 * Which addresses lie in the open Internet. What an enterprise has us call must not lead into the
 * network the gateway stands in: not to itself, its neighbours, or the metadata of its cloud. Ranges by
 * the special-purpose registries of IANA (RFC 6890 and its updates).
 */

/** Whether an IPv4 or IPv6 address is one that anybody may be called at; false for what is none. */
export const isPublicAddress = (address: string): boolean => {
  const v4 = readV4(address)
  if (v4 !== undefined) return isPublicV4(v4)
  const v6 = readV6(address)
  return v6 !== undefined && isPublicV6(v6)
}

/** First address and length of its network. */
const PRIVATE_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // Shared by providers (CGNAT); some clouds keep metadata there.
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local, and the metadata of most clouds.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved, broadcast.
  ['224.0.0.0', 3],
]

const readV4 = (text: string): number | undefined => {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number)
  if (parts === undefined || parts.some((part) => part > 255)) return undefined
  return parts.reduce((sum, part) => sum * 256 + part, 0)
}

const isPublicV4 = (address: number): boolean =>
  !PRIVATE_V4.some(([first, length]) => {
    const size = 2 ** (32 - length)
    return Math.floor(address / size) === Math.floor((readV4(first) ?? 0) / size)
  })

/** Eight groups of sixteen bits; undefined for what is no IPv6 address. A zone (`%eth0`) is left out. */
const readV6 = (text: string): readonly number[] | undefined => {
  const [plain = ''] = text.replace(/^\[|\]$/g, '').split('%', 1)
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain)
  const v4 = dotted === null ? undefined : readV4(dotted[2] ?? '')
  if (dotted !== null && v4 === undefined) return undefined
  const hex =
    v4 === undefined
      ? plain
      : `${dotted?.[1]}${Math.floor(v4 / 65_536).toString(16)}:${(v4 % 65_536).toString(16)}`
  const halves = hex.split('::')
  const [head = [], tail] = halves.map((half) => half.split(':').filter((part) => part !== ''))
  const missing = 8 - head.length - (tail?.length ?? 0)
  if (halves.length > 2 || (tail === undefined ? missing !== 0 : missing < 1)) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])]
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined
}

/** Only 2000::/3 is given out; some of it embeds IPv4 addresses or is not for calling. */
const isPublicV6 = (groups: readonly number[]): boolean => {
  const [first = 0, second = 0] = groups
  const v4At = (place: number): number => (groups[place] ?? 0) * 65_536 + (groups[place + 1] ?? 0)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return isPublicV4(v4At(6))
  // NAT64 reaches whatever its last four bytes name.
  if (first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((group) => group === 0))
    return isPublicV4(v4At(6))
  if (first < 0x2000 || first > 0x3fff) return false
  // 6to4 likewise; Teredo, benchmarks and other assignments of protocols; documentation.
  if (first === 0x2002) return isPublicV4(v4At(1))
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return false
  return first !== 0x3fff || second > 0xfff
}
