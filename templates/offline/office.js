/* What the device knows of the office, and how it learns more.

   Stored are the bytes as they were published; they are verified anew at every start.
   An update that does not follow from what is here is refused, and what is here stays. */

import { equal } from './cbor.js';
import * as keyset from './keyset.js';
import { Refused } from './refusal.js';
import * as statuslist from './statuslist.js';
import * as store from './store.js';

const KEY_SETS = '/.well-known/issuer-keys';
const LISTS = '/status';
const NAMES = '/periksa/luring/nama.json';
const MAX_JSON_BYTES = 2_000_000;
const MAX_STEPS = 64;
const SECONDS = 20;
const CLOCK_SKEW_MS = 300_000;

/**
 * Read what is stored: { keySet, lists: Map(year → list), names, state }, keySet null when
 * there is nothing yet. `state` is what the last update left: { at, problems }.
 */
export async function load(baseUrl) {
  const chain = (await store.get('key-sets')) ?? [];
  const keySet = chain.length ? await keyset.readChain(chain) : null;
  const lists = new Map();
  for (const [year, message] of (await store.get('lists')) ?? []) {
    try {
      lists.set(year, await statuslist.readList(message, listAddress(baseUrl, year), keySet.keys));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  const state = (await store.get('state')) ?? { at: null, problems: [] };
  return { keySet, lists, names: (await store.get('names')) ?? null, state };
}

/** A moment in seconds that has surely passed, whatever the device's clock says. */
export const passed = ({ keySet, lists }) =>
  Math.max(keySet?.issuedAt ?? 0, ...[...lists.values()].map((list) => list.issuedAt));

/** Ask the office for what is new; store what can be believed; return the problems' codes. */
export async function update(baseUrl) {
  const problems = [];
  const attempt = async (code, work) => {
    try {
      await work();
    } catch (error) {
      problems.push(error instanceof Refused ? code : 'network');
    }
  };
  await attempt('keys_refused', updateKeys);
  const chain = (await store.get('key-sets')) ?? [];
  if (chain.length) {
    const { keys } = await keyset.readChain(chain);
    await attempt('lists_refused', () => updateLists(baseUrl, keys, problems));
  }
  await attempt('network', () => updateNames(problems));
  const before = await store.get('state');
  const whole = !problems.includes('network');
  const at = whole ? Date.now() : before?.at ?? null;
  // What was refused once stays said until the office is heard again without it.
  const lasting = whole ? [] : (before?.problems ?? []).filter((code) => code !== 'network');
  const found = [...new Set([...problems, ...lasting])];
  await store.put('state', { at, problems: found });
  return found;
}

/* Walk from the version that is here to the newest, each signed by a key of the one before. */
async function updateKeys() {
  const chain = (await store.get('key-sets')) ?? [];
  const newest = await fetchBytes(KEY_SETS, keyset.MAX_BYTES);
  const target = await keyset.claimedVersion(newest);
  if (target <= chain.length) {
    // An older version is no harm, another one of the same number is.
    if (!equal(newest, chain[target - 1])) throw new Refused('credential_differs');
    return;
  }
  if (target - chain.length > MAX_STEPS) throw new Refused('credential_differs');
  let known = chain.length ? await keyset.readChain(chain) : null;
  for (let version = chain.length + 1; version <= target; version++) {
    const message = await fetchBytes(`${KEY_SETS}/${version}`, keyset.MAX_BYTES);
    known = await keyset.readChain([message], known);
    chain.push(message);
  }
  await store.put('key-sets', chain);
}

async function updateLists(baseUrl, keys, problems) {
  const stored = new Map((await store.get('lists')) ?? []);
  const published = JSON.parse(await fetchText(LISTS)).status_lists;
  for (const address of published.slice(0, MAX_STEPS)) {
    const year = Number(/\/status\/([0-9]{4})$/.exec(address)?.[1]);
    if (!year || address !== listAddress(baseUrl, year)) continue;
    const message = await fetchBytes(`${LISTS}/${year}`, statuslist.MAX_BYTES);
    try {
      const list = await statuslist.readList(message, address, keys);
      const before = stored.get(year);
      const old = before && (await statuslist.readList(before, address, keys));
      if (old && list.issuedAt < old.issuedAt) throw new Refused('credential_differs');
      stored.set(year, message);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      problems.push('lists_refused');
    }
  }
  await store.put('lists', [...stored]);
}

async function updateNames(problems) {
  const response = await ask(NAMES);
  const names = JSON.parse(new TextDecoder().decode(await bytesOf(response, MAX_JSON_BYTES)));
  await store.put('names', names);
  const theirs = Date.parse(response.headers.get('Date'));
  if (Math.abs(theirs - Date.now()) > CLOCK_SKEW_MS) problems.push('clock_differs');
}

const listAddress = (baseUrl, year) => `${baseUrl}${LISTS}/${year}`;

const fetchText = async (path) => new TextDecoder().decode(await fetchBytes(path, MAX_JSON_BYTES));

const fetchBytes = async (path, most) => bytesOf(await ask(path), most);

async function ask(path) {
  const signal = AbortSignal.timeout(1000 * SECONDS);
  const response = await fetch(path, {
    cache: 'no-cache', credentials: 'omit', redirect: 'error', signal,
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

async function bytesOf(response, most) {
  const chunks = [];
  let length = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new Refused('credential_malformed');
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
