import ipaddr from 'ipaddr.js'

/** What an address is, as far as it matters to whoever may be called. Only `public` is open to everybody. */
export type AddressKind =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'multicast'
  | 'unspecified'
  | 'metadata'
  | 'embedded IPv4'
  | 'reserved'
  | 'unreadable'

/**
 * Azure's wire server hands out machine credentials at an address that every registry calls public. The other
 * clouds' metadata addresses lie in ranges that are refused anyway.
 */
const metadata = new Set(['168.63.129.16'])

/** The only block of IPv6 from which global unicast addresses are assigned (IANA, RFC 4291). */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/** ipaddr.js's names for ranges, where ours say it more exactly than `reserved`. */
const kinds: Record<string, AddressKind> = {
  unicast: 'public',
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
  deprecatedSiteLocal: 'private',
  carrierGradeNat: 'private',
  linkLocal: 'link-local',
  multicast: 'multicast',
  unspecified: 'unspecified',
  ipv4Mapped: 'embedded IPv4',
  rfc6145: 'embedded IPv4',
  rfc6052: 'embedded IPv4',
  '6to4': 'embedded IPv4',
  teredo: 'embedded IPv4',
}

/**
 * Tells the kind of an address that a socket or a name server gave. An IPv6 address that carries an IPv4 address
 * inside is never public: where it leads is up to a translator that cannot be seen from here.
 */
export function kindOf(address: string): AddressKind {
  if (!ipaddr.isValid(address)) return 'unreadable'
  const parsed = ipaddr.parse(address)
  if (metadata.has(parsed.toString())) return 'metadata'
  const kind = kinds[parsed.range()] ?? 'reserved'
  // A list of bad ranges calls whatever it has not heard of good: `::7f00:1` for one.
  if (kind === 'public' && parsed instanceof ipaddr.IPv6 && !parsed.match(globalUnicast)) return 'reserved'
  return kind
}
