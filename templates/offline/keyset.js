/* Signed key sets, in versions that follow from one another (issuer.signing.key_sets).
   The first one is trusted because it was there first; after that the network is not. */

import { LAST_SECOND, encode, equal, read, textOf, whole } from './cbor.js';
import { readKey } from './keys.js';
import { Refused } from './refusal.js';
import { malformed, readHeader, requireInUse, takeApart, verify } from './sign1.js';

export const MAX_BYTES = 16384;
const MAX_KEYS = 64;
const REGION = 1, ISSUED = 6, VERSION = -65538, KEYS = -65539;

/**
 * Return the last of versions 1, 2, …, or of those that follow `previous`:
 * { regionCode, version, issuedAt, keys }. Throws Refused at the first that does not follow.
 */
export async function readChain(messages, previous = null) {
  for (const message of messages) previous = await readSet(message, previous);
  return previous;
}

/** Say which version a set claims to be, before anything of it is believed. */
export async function claimedVersion(message) {
  return (await decodeSet(takeApart(bounded(message)).payload)).version;
}

async function readSet(message, previous) {
  const parts = takeApart(bounded(message));
  const set = await decodeSet(parts.payload);
  const allowed = previous === null ? set.keys.slice(0, 1) : previous.keys;
  const key = await verify(parts, readHeader(parts.header), allowed);
  requireInUse(key, set.issuedAt);
  if (previous === null && set.version !== 1) throw malformed();
  if (previous !== null && !follows(set, previous)) throw new Refused('credential_differs');
  return set;
}

function bounded(message) {
  if (message.length > MAX_BYTES) throw malformed();
  return message;
}

function follows(set, previous) {
  const known = previous.keys.length;
  return (
    set.regionCode === previous.regionCode &&
    set.version === previous.version + 1 &&
    set.issuedAt >= previous.issuedAt &&
    previous.keys.every((before, place) => set.keys[place] && isKept(set.keys[place], before)) &&
    set.keys.slice(known).every((key) => key.from >= set.issuedAt)
  );
}

/* The same key, its time at most shortened: no theft lengthens it. */
function isKept(key, before) {
  const same =
    key.point === before.point && key.from === before.from && key.until === before.until;
  if (before.retired === null) return same;
  return same && key.retired !== null && key.retired <= before.retired;
}

async function decodeSet(payload) {
  try {
    const plain = read(payload);
    const [regionCode, issuedAt, version, keys] =
      [REGION, ISSUED, VERSION, KEYS].map((name) => plain.get(name));
    const known =
      plain.size === 4 &&
      textOf(regionCode, /^[0-9]{2,10}$/) &&
      whole(issuedAt, LAST_SECOND) &&
      whole(version, 0xffffffff) && version >= 1 &&
      Array.isArray(keys) && keys.length >= 1 && keys.length <= MAX_KEYS &&
      equal(encode(plain), payload);
    if (!known) throw malformed();
    const set = { regionCode, version, issuedAt, keys: await Promise.all(keys.map(readKey)) };
    if (new Set(set.keys.map((key) => key.kid)).size !== keys.length) throw malformed();
    return set;
  } catch {
    throw malformed();
  }
}
