/* COSE_Sign1 (RFC 9052 §4.2), one encoding and no other, taken apart by position:
   nothing of an unknown hand is decoded before its signature held. */

import { encode, hex } from './cbor.js';
import { signatureHolds, signsAt } from './keys.js';
import { Refused } from './refusal.js';

const LENGTH_BYTES = { 24: 1, 25: 2, 26: 4 };
const SHORTEST = { 1: 24, 2: 0x100, 4: 0x10000 };

/** Return { header, payload, signature }; throws for any other encoding. */
export function takeApart(message) {
  let place = 0;
  const expect = (...bytes) => {
    for (const byte of bytes) if (message[place++] !== byte) throw malformed();
  };
  const byteString = () => {
    const head = message[place++];
    let length = head & 0x1f;
    if (head >> 5 !== 2) throw malformed();
    if (length >= 24) {
      const count = LENGTH_BYTES[length];
      if (count === undefined) throw malformed();
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + message[place++];
      if (!(length >= SHORTEST[count])) throw malformed();
    }
    const found = message.subarray(place, place + length);
    place += length;
    if (found.length !== length) throw malformed();
    return found;
  };
  expect(0xd2, 0x84);
  const header = byteString();
  expect(0xa0);
  const payload = byteString();
  expect(0x58, 0x40);
  const signature = message.subarray(place);
  if (signature.length !== 64) throw malformed();
  return { header, payload, signature };
}

/**
 * Take the protected header apart: { algorithm, kid }, exactly `{1: alg, 4: kid}` and,
 * where the kind of message has one, `16: type`.
 */
export function readHeader(header, type) {
  const typed = type === undefined ? [] : [...encode(16), ...encode(type)];
  const [map, one, algorithm, four, head, ...rest] = header;
  const fits =
    map === (type === undefined ? 0xa2 : 0xa3) &&
    one === 0x01 && algorithm >= 0x20 && algorithm <= 0x37 && four === 0x04 && head === 0x44 &&
    rest.length === 4 + typed.length && typed.every((byte, i) => rest[4 + i] === byte);
  if (!fits) throw malformed();
  // A CBOR head of 0x20 + n is the integer -1 - n.
  return { algorithm: 0x1f - algorithm, kid: hex(rest.slice(0, 4)) };
}

/** Throw unless one of these keys made the signature; return that key. */
export async function verify({ header, payload, signature }, { algorithm, kid }, keys) {
  const key = keys.find((known) => known.kid === kid);
  if (!key) throw new Refused('credential_unknown_key');
  if (!key.algorithm.numbers.includes(algorithm)) throw malformed();
  const message = encode(['Signature1', header, new Uint8Array(), payload]);
  if (!(await signatureHolds(key, signature, message))) throw new Refused('signature_broken');
  return key;
}

/** Throw unless the key was in use then: one that was put aside may have been stolen since. */
export function requireInUse(key, moment) {
  if (!signsAt(key, moment)) throw new Refused('issuer_not_trusted');
}

export const malformed = () => new Refused('credential_malformed');
