// A stranger reads a status list token: @auth0/cose verifies it, @owf/token-status-list decodes it.
// node read_status_list.mjs PACKAGES TOKEN JWK prints one JSON object.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [packages, tokenFile, jwk] = process.argv.slice(2)
const require = createRequire(`${packages}/`)
const { StatusListCwt } = require('@owf/token-status-list')
const { Sign1 } = require('@auth0/cose')

const token = readFileSync(tokenFile)
const key = await crypto.subtle.importKey(
  'jwk', JSON.parse(jwk), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']
)
const verified = await Sign1.decode(token).verify(key).then(() => true, () => false)

const cwt = StatusListCwt.fromToken(token)
const { subject, issuedAt, expirationTime, timeToLive, statusList } = cwt.payload
const set = {}
statusList.statusList.forEach((value, index) => { if (value !== 0) set[index] = value })
console.log(JSON.stringify({
  verified,
  typ: cwt.protectedHeaders.headers.get(16),
  subject,
  issuedAt: issuedAt.getTime() / 1000,
  expires: expirationTime.getTime() / 1000,
  ttl: timeToLive,
  bits: statusList.getBitsPerStatus(),
  aggregationUri: statusList.aggregationUri,
  size: statusList.statusList.length,
  set
}))
