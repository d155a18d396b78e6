/* Status list tokens (Token Status List, CWT form): which letters of a year ended. */

import { LAST_SECOND, bytesOf, read, whole } from './cbor.js';
import { malformed, readHeader, requireInUse, takeApart, verify } from './sign1.js';

const MEDIA_TYPE = 'application/statuslist+cwt';
const SIZE = 2 ** 20;
const BITS = 2;
const PACKED_BYTES = (SIZE * BITS) / 8;
const SUBJECT = 2, EXPIRES = 4, ISSUED = 6, LIST = 65533;

export const MAX_BYTES = PACKED_BYTES + 4096;
export const DAY = 24 * 3600;
export const LIFETIME = 7 * DAY;

/** What a place says (§7.1), in the words of the server's register. */
const VALUES = { 0: 'in_force', 1: 'revoked', 3: 'superseded' };

/**
 * Verify a list and return { issuedAt, expiresAt, packed }, whether it is still fresh or not.
 * Throws Refused for anything but the list at that address, signed by one of these keys.
 */
export async function readList(message, address, keys) {
  if (message.length > MAX_BYTES) throw malformed();
  const parts = takeApart(message);
  const key = await verify(parts, readHeader(parts.header, MEDIA_TYPE), keys);
  let list;
  try {
    const claims = read(parts.payload);
    const packed = claims.get(LIST);
    list = { issuedAt: claims.get(ISSUED), expiresAt: claims.get(EXPIRES) };
    const known =
      claims.get(SUBJECT) === address &&
      whole(list.issuedAt, LAST_SECOND) &&
      whole(list.expiresAt, LAST_SECOND) &&
      packed.get('bits') === BITS &&
      bytesOf(packed.get('lst'));
    if (!known) throw malformed();
    list.packed = await inflate(packed.get('lst'));
  } catch {
    throw malformed();
  }
  requireInUse(key, list.issuedAt);
  return list;
}

/** Return the status at a place, `not_known` outside the list or for an unknown value. */
export function statusAt(list, index) {
  if (index >= SIZE) return 'not_known';
  return VALUES[(list.packed[index >> 2] >> ((index & 3) * BITS)) & 3] ?? 'not_known';
}

/* A whole list and not a byte more, however much was squeezed in. */
async function inflate(compressed) {
  const inflated = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('deflate'));
  const packed = new Uint8Array(PACKED_BYTES);
  let length = 0;
  for (const reader = inflated.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.length > PACKED_BYTES) {
      await reader.cancel();
      throw malformed();
    }
    packed.set(value, length);
    length += value.length;
  }
  if (length !== PACKED_BYTES) throw malformed();
  return packed;
}
