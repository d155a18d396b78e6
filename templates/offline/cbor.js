/* CBOR (RFC 8949) by cborg: read strictly, written in the deterministic order. */

import { decode } from './vendor/cborg/decode.js';
import { encode as write, rfc8949EncodeOptions } from './vendor/cborg/encode.js';

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  useMaps: true,
  rejectDuplicateMapKeys: true,
};

/** Return the value of these bytes, maps as Map. Throws for anything but one plain value. */
export const read = (bytes) => decode(bytes, STRICT);

export const encode = (value) => write(value, rfc8949EncodeOptions);

export const whole = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;

export const bytesOf = (value, length) =>
  value instanceof Uint8Array && (length === undefined || value.length === length);

export const textOf = (value, pattern) => typeof value === 'string' && pattern.test(value);

export const LAST_SECOND = 253402300799;

export function equal(one, other) {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

export const hex = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
