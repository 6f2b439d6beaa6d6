import { describe, expect, test } from '@jest/globals'
import { createSender } from '../../src/callback/index.ts'
import { newCallbackSecret } from '../../src/platform/callback-secret.ts'
import { allowedHosts, checkUrl, refusalOf } from '../../src/callback/guard.ts'
import { kindOf } from '../../src/callback/addresses.ts'
import { movedClock } from '../setup/moved-clock.ts'

const nobody = { allowed_hosts: allowedHosts([]), allow_loopback: false }
const sandbox = { ...nobody, allow_loopback: true }

/** Hosts in a URL, each a way to write or to reach an address that is not public. */
const forbidden = {
  'loopback, in every base and with any number of parts': `
    127.0.0.1 127.1 127.0.1 127.255.255.254 127.0.0.1. 2130706433 0x7f000001 017700000001 0x7f.1 0177.0.0.1
    0x7f.0x0.0x0.0x1 00000177.1 0x7F.0.0.0X1 127.0.0.0x1 0x7f.000000001 [::1] [0:0:0:0:0:0:0:1] [0000::0001]`,
  'loopback, in other digits and dots': `
    ①②⑦.⓪.⓪.① 127。0。0。1 %31%32%37.0.0.1 \uff11\uff12\uff17.0.0.1`,
  'unspecified, which on Linux leads to loopback': `0 0.0.0.0 0x0 00.0 0.1.2.3 [::] [0::0]`,
  'IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo': `
    [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:FFFF:7F00:0001] [::ffff:8.8.8.8] [::0.0.0.2] [::127.0.0.1]
    [::7f00:1] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::8.8.8.8] [64:ff9b:1::a00:1] [2002:7f00:1::]
    [2002:a9fe:a9fe::1] [2001:0:4136:e378::1] [fe80::5efe:7f00:1]`,
  'private and carrier-grade NAT': `
    10.0.0.1 10.255.255.255 167772161 0xa000001 012.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 192.168.257
    3232235521 100.64.0.1 100.127.255.255 [fc00::1] [fd12:3456::1] [fdff::] [fec0::1]`,
  'link-local and the metadata services of clouds': `
    169.254.0.1 169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 [fe80::1] [febf::1] [::ffff:a9fe:a9fe]
    [fd00:ec2::254] [fd20:ce::254] 100.100.100.200 192.0.0.192 168.63.129.16`,
  'multicast, broadcast, documentation, benchmarks, unassigned': `
    224.0.0.1 239.255.255.255 255.255.255.255 240.0.0.1 254.1.2.3 192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1
    192.88.99.1 [ff02::1] [ff0e::1] [2001:db8::1] [3fff::1] [2001:2::1] [2001:10::1] [100::1] [4000::1] [5f00::1]
    [1000::1] [e000::1]`,
}
const forbiddenHosts = Object.values(forbidden).flatMap((hosts) => hosts.trim().split(/\s+/))

/** Each the last before or the first after something forbidden, or well known. */
const publicHosts = `
  1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 126.255.255.255 128.0.0.1 172.15.255.255 172.32.0.0 192.167.255.255
  192.169.0.0 169.253.255.255 169.255.0.0 100.63.255.255 100.128.0.0 223.255.255.255 198.17.255.255 168.63.129.15
  [2606:4700:4700::1111] [2001:4860:4860::8888] [2a00:1450::1]`

describe('addresses that are not public', () => {
  test('the table is what it claims to be', () => {
    expect(new Set(forbiddenHosts).size).toBe(forbiddenHosts.length)
    expect(forbiddenHosts.length).toBeGreaterThanOrEqual(60)
  })

  test.each(forbiddenHosts)('https://%s is refused, and nothing is dialled', async (host) => {
    const dialled: unknown[] = []
    const sender = createSender({
      allowed_hosts: [],
      allow_loopback: false,
      clock: movedClock(new Date('2026-01-01T00:00:00Z')),
      version: '1',
      lookup: (name, _, callback) => callback(new Error(`${name} is a name`), []),
      dial: (options) => {
        dialled.push(options)
        throw new Error('dialled')
      },
    })

    const callback = { id: 'msg_1', body: '{}', secrets: [newCallbackSecret()], at: new Date() }
    const attempt = await sender.send({ url: `https://${host}/hook`, ...callback })

    expect(attempt).toMatchObject({ outcome: 'refused', status: null })
    expect(attempt.error).toMatch(/ address$/)
    expect(kindOf(attempt.address ?? '')).not.toBe('public')
    expect(dialled).toEqual([])
  })

  test.each(['', 'localhost', '127.0.0.1:80', '1.2.3.4/8', '127.0.0.1\0', '::1%'])(
    '%j is no address',
    (text) => {
      expect(refusalOf(new URL('https://a.example'), text, nobody)).toMatch(/ address$/)
    },
  )

  test('an address with a zone is judged without it', () => expect(kindOf('fe80::1%eth0')).toBe('link-local'))
})

test.each(publicHosts.trim().split(/\s+/))('https://%s, next to what is forbidden, is public', (host) => {
  expect(checkUrl(`https://${host}/`, nobody)).toMatchObject({ ok: true })
  expect(checkUrl(`http://${host}/`, nobody)).toMatchObject({ ok: false, reason: 'plain http' })
})

describe("the URL's text", () => {
  test.each([
    ['http://agent.example/', 'plain http'],
    ['ftp://agent.example/', 'neither https nor http'],
    ['file:///etc/passwd', 'neither https nor http'],
    ['javascript:alert(1)', 'neither https nor http'],
    ['gopher://agent.example:70/_x', 'neither https nor http'],
    ['https://user:secret@agent.example/', 'URL with credentials'],
    ['https://user@agent.example/', 'URL with credentials'],
    ['https://agent.example\\@10.0.0.1/', 'URL with white space, a control character or a backslash'],
    ['https://agent.example/\r\nx-admin: 1', 'URL with white space, a control character or a backslash'],
    ['https://agent.\texample/', 'URL with white space, a control character or a backslash'],
    [' https://agent.example/', 'URL with white space, a control character or a backslash'],
    ['https://agent.example/\0', 'URL with white space, a control character or a backslash'],
    ['//agent.example/', 'not a URL'],
    ['https://', 'not a URL'],
    ['https://[::1', 'not a URL'],
    ['https://[fe80::1%25eth0]/', 'not a URL'],
    ['https://1.2.3.4.5/', 'not a URL'],
    ['', 'not a URL'],
    [`https://agent.example/${'a'.repeat(2_048)}`, 'URL longer than 2048 characters'],
  ])('%j is refused: %s', (url, reason) => {
    expect(checkUrl(url, nobody)).toEqual({ ok: false, reason, address: null })
  })

  test.each([
    'https://agent.example/hooks?a=1&b=%0d%0a',
    'https://agent.example:8443/',
    'HTTPS://BÜCHER.example/',
  ])('%s is no fault', (url) => expect(checkUrl(url, nobody)).toMatchObject({ ok: true }))
})

describe('a host that the operator named', () => {
  const named = (...hosts: string[]) => ({ ...nobody, allowed_hosts: allowedHosts(hosts) })

  test.each([
    [['internal'], 'http://internal:8080/hook', '10.0.0.1'],
    [['Internal.Example'], 'http://INTERNAL.example/hook', '169.254.169.254'],
    [['bücher.example'], 'https://xn--bcher-kva.example/', 'fd00::1'],
    [['127.0.0.1'], 'http://0x7f.1:81/', '127.0.0.1'],
    [['::1'], 'http://[0:0::1]/', '::1'],
    [['[fd00::1]'], 'https://[fd00::1]/', 'fd00::1'],
  ])('%j: %s at %s is allowed', (hosts, url, address) => {
    const checked = checkUrl(url, named(...hosts))
    expect(checked).toMatchObject({ ok: true })
    if (checked.ok) expect(refusalOf(checked.url, address, named(...hosts))).toBeNull()
  })

  test.each([
    [['internal'], 'https://other/', '10.0.0.1'],
    [['internal'], 'https://sub.internal/', '10.0.0.1'],
    [['internal'], 'https://internal.example/', '10.0.0.1'],
    [['sub.internal'], 'https://internal/', '10.0.0.1'],
    [['internal'], 'https://internal./', '10.0.0.1'],
    [['localhost'], 'https://127.0.0.1/', '127.0.0.1'],
  ])('%j: %s at %s is not meant', (hosts, url, address) => {
    expect(refusalOf(new URL(url), address, named(...hosts))).toMatch(/ address$/)
  })

  test.each([
    'http://internal',
    'internal:80',
    '*.internal',
    'a/b',
    'user@internal',
    '',
    ' ',
    '1.2.3.4.5',
    '[::1]:80',
  ])('%j names no host and is said to', (entry) =>
    expect(() => allowedHosts(['fine.example', entry])).toThrow(JSON.stringify(entry)),
  )
})

describe('the sandbox', () => {
  test.each([
    ['http://localhost:3000/', '127.0.0.1', null],
    ['https://localhost/', '::1', null],
    ['http://agent.example/', '127.8.8.8', null],
    ['http://agent.example/', '1.1.1.1', 'plain http'],
    ['https://agent.example/', '10.0.0.1', 'private address'],
    ['http://localhost/', '169.254.169.254', 'link-local address'],
  ])('%s at %s: %p', (url, address, refusal) => {
    expect(checkUrl(url, sandbox)).toMatchObject({ ok: true })
    expect(refusalOf(new URL(url), address, sandbox)).toBe(refusal)
  })

  test('an address in the text is judged at once', () => {
    expect(checkUrl('http://127.0.0.1:3000/', sandbox)).toMatchObject({ ok: true })
    expect(checkUrl('http://1.1.1.1/', sandbox)).toEqual({
      ok: false,
      reason: 'plain http',
      address: '1.1.1.1',
    })
    expect(checkUrl('http://[::ffff:127.0.0.1]/', sandbox)).toMatchObject({ ok: false })
  })
})
