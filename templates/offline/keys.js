/* The public keys of an office: what they sign with, and when they did. */

import { LAST_SECOND, bytesOf, hex, whole } from './cbor.js';
import { Refused } from './refusal.js';

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/* By COSE key type and curve (RFC 9053 §7.1): the algorithm is the key's, never the
   header's. The first number is written, the second means the same (RFC 9864). */
const ALGORITHMS = {
  '2/1': {
    numbers: [-7, -9],
    imported: { name: 'ECDSA', namedCurve: 'P-256' },
    verified: { name: 'ECDSA', hash: 'SHA-256' },
    point: (x, y) => Uint8Array.of(4, ...x, ...y),
    // (r, n - s) holds too in every ECDSA; with it a second true token could be made.
    canonical: (signature) => BigInt(`0x${hex(signature.subarray(32))}`) <= P256_ORDER / 2n,
  },
  '1/6': {
    numbers: [-8, -19],
    imported: { name: 'Ed25519' },
    verified: { name: 'Ed25519' },
    point: (x) => x,
    canonical: () => true,
  },
};

const KTY = 1, KID = 2, ALG = 3, CRV = -1, X = -2, Y = -3;
const FROM = -65540, UNTIL = -65541, RETIRED = -65542;

/** Read a COSE_Key (RFC 9052 §7). Throws when it is not exactly one of ours. */
export async function readKey(cose) {
  const algorithm = cose instanceof Map && ALGORITHMS[`${cose.get(KTY)}/${cose.get(CRV)}`];
  const [x, y, from, until, retired] = [X, Y, FROM, UNTIL, RETIRED].map((name) => cose.get(name));
  const coordinates = algorithm === ALGORITHMS['2/1'] ? [x, y] : [x];
  const members = 6 + coordinates.length + (retired === undefined ? 0 : 1);
  if (
    !algorithm ||
    cose.get(ALG) !== algorithm.numbers[0] ||
    cose.size !== members ||
    !coordinates.every((coordinate) => bytesOf(coordinate, 32)) ||
    ![from, until, retired ?? from].every((date) => whole(date, LAST_SECOND) && date >= from)
  ) {
    throw new Refused('credential_malformed');
  }
  const point = algorithm.point(x, y);
  const publicKey = await crypto.subtle.importKey('raw', point, algorithm.imported, true, ['verify']);
  const kid = await keyId(publicKey);
  if (!bytesOf(cose.get(KID), 4) || hex(cose.get(KID)) !== kid) {
    throw new Refused('credential_malformed');
  }
  return { kid, algorithm, point: hex(point), from, until, retired: retired ?? null, publicKey };
}

/** Say whether the key may have signed at that moment, in seconds since 1970. */
export const signsAt = (key, moment) =>
  key.from <= moment && moment < Math.min(key.until, key.retired ?? key.until);

/** Verify the 64 bytes of a COSE signature (RFC 9053 §2.1, §2.2). */
export async function signatureHolds(key, signature, message) {
  const { verified, canonical } = key.algorithm;
  return canonical(signature) && crypto.subtle.verify(verified, key.publicKey, signature, message);
}

/* It finds a key and proves nothing: four bytes of SHA-256 over SubjectPublicKeyInfo. */
async function keyId(publicKey) {
  const spki = await crypto.subtle.exportKey('spki', publicKey);
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', spki)).subarray(0, 4));
}
