/* The token in the QR, read as strictly as the server reads it (issuer.signing.credential).
   A frozen contract: what was printed must verify for ever. */

import { LAST_SECOND, bytesOf, encode, equal, read, textOf, whole } from './cbor.js';
import { Refused } from './refusal.js';
import { malformed, readHeader, requireInUse, verify } from './sign1.js';

const MAX_TEXT = 700;
const PATH = '/v/';
const DIGITS = /^[1-9][0-9]*$/;
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i;
const ISSUER = 1, EXPIRES = 4, ISSUED = 6, CLAIM_169 = 169, LETTER = -65537, FULL_NAME = 4;

/**
 * Verify the text of a QR and return its claims; dates are seconds since 1970.
 * Throws Refused with the reason code the server would give.
 */
export async function readToken(text, baseUrl, keys) {
  const parts = takeTokenApart(toBytes(digitsOf(text, baseUrl)));
  const key = await verify(parts, readHeader(parts.header), keys);
  const claims = readClaims(parts.payload);
  requireInUse(key, claims.issuedAt);
  return claims;
}

function digitsOf(text, baseUrl) {
  if (text.length > 2 * MAX_TEXT || [...text].length > MAX_TEXT) throw malformed();
  const origin = ORIGIN.exec(text)?.[0];
  if (origin !== undefined && origin.toLowerCase() !== baseUrl) {
    throw new Refused('credential_foreign_host');
  }
  const path = text.startsWith(baseUrl) ? text.slice(baseUrl.length) : text;
  const digits = path.slice(PATH.length);
  if (!path.startsWith(PATH) || !DIGITS.test(digits)) throw malformed();
  return digits;
}

function toBytes(digits) {
  const number = BigInt(digits).toString(16);
  const pairs = number.padStart(number.length + (number.length % 2), '0').match(/../g);
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

/* d2 84 49 header a0 58 NN claims 58 40 signature: its own frame, frozen byte for byte. */
function takeTokenApart(token) {
  const claims = 15, end = claims + token[claims - 1];
  const frame = [[0, 0xd2], [1, 0x84], [2, 0x49], [12, 0xa0], [13, 0x58], [end, 0x58], [end + 1, 0x40]];
  if (token.length !== end + 66 || !frame.every(([place, byte]) => token[place] === byte)) {
    throw malformed();
  }
  return {
    header: token.subarray(3, 12),
    payload: token.subarray(claims, end),
    signature: token.subarray(end + 2),
  };
}

/* Rebuild the claims from their one encoding: what comes out is written again and compared. */
function readClaims(payload) {
  let claims;
  try {
    const plain = read(payload);
    const letter = plain.get(LETTER);
    claims = {
      regionCode: plain.get(ISSUER),
      issuedAt: plain.get(ISSUED),
      expiresAt: plain.get(EXPIRES) ?? null,
      name: plain.get(CLAIM_169).get(FULL_NAME),
      typeCode: letter.get(1),
      number: letter.get(2),
      agencyNumber: letter.get(3),
      signatoryNumber: letter.get(4),
      nikLastFour: letter.get(5),
      recordDigest: letter.get(6),
      statusIndex: letter.get(7),
    };
    if (!inRange(claims) || !equal(writeClaims(claims), payload)) throw malformed();
  } catch {
    throw malformed();
  }
  return claims;
}

function writeClaims(claims) {
  const letter = [
    claims.typeCode, claims.number, claims.agencyNumber, claims.signatoryNumber,
    claims.nikLastFour, claims.recordDigest, claims.statusIndex,
  ];
  return encode(new Map([
    [ISSUER, claims.regionCode],
    ...(claims.expiresAt === null ? [] : [[EXPIRES, claims.expiresAt]]),
    [ISSUED, claims.issuedAt],
    [CLAIM_169, new Map([[FULL_NAME, claims.name]])],
    [LETTER, new Map(letter.map((value, place) => [place + 1, value]))],
  ]));
}

function inRange(claims) {
  return (
    textOf(claims.regionCode, /^[0-9]{2,10}$/) &&
    whole(claims.issuedAt, LAST_SECOND) &&
    (claims.expiresAt === null || whole(claims.expiresAt, LAST_SECOND)) &&
    textOf(claims.name, /^[^\n]{1,60}$/u) &&
    textOf(claims.number, /^[^\n]{1,60}$/u) &&
    textOf(claims.nikLastFour, /^[0-9]{4}$/) &&
    whole(claims.typeCode, 0xffff) &&
    whole(claims.agencyNumber, 9999999999) &&
    whole(claims.signatoryNumber, 0xffffffff) &&
    whole(claims.statusIndex, 0xffffffff) &&
    bytesOf(claims.recordDigest, 16)
  );
}
