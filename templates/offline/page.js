/* The page: it has every word in its templates, this fills them in. */

import * as office from './office.js';
import { Refused } from './refusal.js';
import { MAX_FILE_BYTES, readPhoto, watch } from './scan.js';
import * as store from './store.js';
import { readToken } from './token.js';
import { judge, refused } from './verdict.js';

const $ = (id) => document.getElementById(id);
const words = $('words');
const language = document.documentElement.lang;
const { baseUrl, zone, zoneName } = words.dataset;
const prefix = `${baseUrl}/v/`;

const word = (kind, code) => words.querySelector(`template[data-${kind}="${code}"]`);
const phrase = (code) => word('phrase', code).content.textContent;
const slot = (name) => document.querySelector(`[data-slot="${name}"]`);
const say = (name, text) => { slot(name).textContent = text; };

const MAX_QUIET_MS = 3_600_000;

let known = null;
let camera = null;

/* --- what the device keeps -------------------------------------------------- */

async function reload() {
  known = await office.load(baseUrl);
  const { keySet, lists, state } = known;
  say('keys', keySet ? `${phrase('version')} ${keySet.version}, ${day(keySet.issuedAt)}` : phrase('none'));
  const lines = [...lists].sort().map(([year, list]) =>
    `${year}: ${moment(list.issuedAt)}, ${ago(list.issuedAt)}`);
  slot('lists').replaceChildren(...(lines.length ? lines : [phrase('none')]).map(item));
  say('updated', state.at ? `${moment(state.at / 1000)}, ${ago(state.at / 1000)}` : phrase('none'));
  $('scan').hidden = keySet === null;
  $('kept').hidden = false;
  const notes = state.problems.map((code) => (code === 'network' ? 'no_network' : code));
  $('problems').replaceChildren(...[...notes, ...(keySet ? [] : ['not_ready'])].map(notice));
}

/* Whoever leaves the page open for days, or finds the network again, need not ask. */
function updateWhenDue() {
  const old = Date.now() - (known?.state.at ?? 0) > MAX_QUIET_MS;
  if (old && known && navigator.onLine && !document.hidden) guarded(update());
}

async function update() {
  if ($('update').disabled) return;
  $('update').disabled = true;
  say('updated', phrase('updating'));
  try {
    await office.update(baseUrl);
  } finally {
    // The button says that all is done, so what came of it must stand there first.
    await reload().finally(() => { $('update').disabled = false; });
  }
}

/* --- one letter ------------------------------------------------------------- */

async function check(text, notes = []) {
  stopCamera();
  const now = Math.floor(Date.now() / 1000);
  let answer;
  try {
    const claims = await readToken(text, baseUrl, known.keySet.keys);
    const list = known.lists.get(yearOf(claims.issuedAt)) ?? null;
    answer = judge(claims, list, now, office.passed(known));
    answer.list = list;
    if (known.state.problems.includes('clock_differs')) notes.push('clock_differs');
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    answer = refused(error.reason);
    if (error.reason === 'credential_unknown_key') notes.push('unknown_key');
  }
  show(answer, [...notes, ...answer.notes], now, text);
}

function show(answer, notes, now, text) {
  const { claims = null, list = null } = answer;
  const genuine = answer.verdict === 'INDETERMINATE' && claims !== null;
  const { dataset, content } = word('verdict', genuine ? 'GENUINE' : answer.verdict);
  slot('verdict').className = `verdict ${dataset.tone}`;
  slot('sign').replaceChildren(word('sign', dataset.tone).content.cloneNode(true));
  say('word', content.querySelector('b').textContent);
  say('meaning', content.querySelector('i').textContent);
  say('listed', list && answer.verdict !== 'EXPIRED'
    ? `${phrase('listed')} ${moment(list.issuedAt)}, ${ago(list.issuedAt)}.` : '');
  slot('notes').replaceChildren(...notes.map(notice));
  for (const name of ['integrity', 'status', 'issuer']) {
    const mark = word('check', answer.checks[name]);
    slot(name).className = `tag ${mark.dataset.tone}`;
    say(name, mark.content.textContent);
  }
  slot('reasons').replaceChildren(
    ...answer.reasons.map((code) => item(word('reason', code).content.textContent)));
  const advice = adviceOn(answer.reasons[0], dataset.tone);
  say('advice', advice ? phrase(advice) : '');
  slot('advice').hidden = !advice;
  slot('letter').hidden = claims === null;
  if (slot('specimen')) slot('specimen').hidden = claims === null;
  if (claims) tell(claims);
  say('now', moment(now));
  const path = text.startsWith(prefix) ? text.slice(baseUrl.length) : text;
  $('online').href = claims ? path : '/periksa';
  Object.assign($('answer').dataset, { verdict: answer.verdict, reasons: answer.reasons.join(' ') });
  $('ask').hidden = true;
  $('answer').hidden = false;
  $('answer').focus();
  scrollTo(0, 0);
}

function adviceOn(reason, tone) {
  if (reason === 'credential_malformed' || reason === 'qr_not_found') return 'scan_again';
  return tone === 'bad' ? 'do_not_accept' : null;
}

function tell(claims) {
  const { types, agencies, signatories } = known.names ?? {};
  const unnamed = (number) => `${phrase('code')} ${number}`;
  say('name', claims.name);
  say('nik', claims.nikLastFour);
  say('number', claims.number);
  say('type', types?.[claims.typeCode]?.[language] ?? unnamed(claims.typeCode));
  say('agency', agencies?.[claims.agencyNumber] ?? unnamed(claims.agencyNumber));
  say('signatory', signatories?.[claims.signatoryNumber] ?? unnamed(claims.signatoryNumber));
  say('issued', day(claims.issuedAt));
  say('expires', claims.expiresAt === null ? phrase('no_expiry') : day(claims.expiresAt));
}

function askAgain() {
  for (const name of ['name', 'nik', 'number', 'type', 'agency', 'signatory']) say(name, '');
  $('answer').hidden = true;
  $('ask').hidden = false;
  $('online').href = '/periksa';
  $('typed').reset();
  $('photo').value = '';
  if (location.pathname !== '/periksa/luring') history.replaceState(null, '', '/periksa/luring');
  $('start').focus();
}

/* --- camera, photo, text ---------------------------------------------------- */

async function startCamera() {
  stopCamera();
  const stopped = new AbortController();
  camera = stopped;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: 'environment' }, width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
    stopped.signal.addEventListener('abort', () => {
      for (const track of stream.getTracks()) track.stop();
    });
    if (stopped.signal.aborted) throw stopped.signal.reason;
    $('camera').srcObject = stream;
    await $('camera').play();
  } catch {
    stopCamera();
    $('watching').textContent = phrase('no_camera');
    return;
  }
  showCamera(true);
  $('watching').textContent = phrase('watching');
  const text = await watch($('camera'), prefix, stopped.signal);
  if (text !== null) await check(text);
}

function stopCamera() {
  camera?.abort();
  camera = null;
  $('camera').srcObject = null;
  $('watching').textContent = '';
  showCamera(false);
}

function showCamera(on) {
  $('camera').parentElement.hidden = !on;
  $('stop').hidden = !on;
  $('start').hidden = on;
}

async function checkPhoto(file) {
  if (!file) return;
  if (file.size > MAX_FILE_BYTES) return showRefusal('file_too_large');
  $('watching').textContent = phrase('reading');
  let text;
  try {
    text = await readPhoto(file, prefix);
  } catch {
    return showRefusal('file_unreadable');
  } finally {
    $('watching').textContent = '';
  }
  return text === null ? showRefusal('qr_not_found') : check(text);
}

const showRefusal = (reason) => show(refused(reason), [], Math.floor(Date.now() / 1000), '');

/* Typed digits may stand in groups; an address is taken as it is. */
function checkTyped(text) {
  const trimmed = text.trim();
  const digits = trimmed.replace(/\s+/g, '');
  return trimmed && check(/^[0-9]+$/.test(digits) ? `/v/${digits}` : trimmed);
}

/* --- words ------------------------------------------------------------------ */

const locale = language === 'en' ? 'en-GB' : language;
const inZone = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
const days = inZone({ day: 'numeric', month: 'long', year: 'numeric' });
const times = inZone({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const years = inZone({ year: 'numeric' });
const since = new Intl.RelativeTimeFormat(locale);

const day = (seconds) => days.format(seconds * 1000);
const moment = (seconds) => `${day(seconds)} ${times.format(seconds * 1000)} ${zoneName}`;
const yearOf = (seconds) => Number(years.format(seconds * 1000));

function ago(seconds) {
  const minutes = Math.max(0, Math.floor((Date.now() / 1000 - seconds) / 60));
  if (minutes < 60) return since.format(-minutes, 'minute');
  if (minutes < 48 * 60) return since.format(-Math.floor(minutes / 60), 'hour');
  return since.format(-Math.floor(minutes / 1440), 'day');
}

function item(text) {
  const line = document.createElement('li');
  line.textContent = text;
  return line;
}

function notice(code) {
  const box = document.createElement('div');
  const line = document.createElement('p');
  box.className = `notice ${/_refused$/.test(code) ? 'bad' : 'caution'}`;
  box.dataset.code = code;
  line.textContent = word('note', code).content.textContent;
  box.append(line);
  return box;
}

/* --- the installed page ----------------------------------------------------- */

async function install() {
  if (!('serviceWorker' in navigator)) return $('problems').append(notice('not_supported'));
  const registration = await navigator.serviceWorker.register('/periksa/luring/sw.js', {
    scope: '/', updateViaCache: 'none',
  });
  const offer = () => registration.waiting && navigator.serviceWorker.controller
    && offerVersion(registration.waiting);
  offer();
  registration.addEventListener('updatefound', () =>
    registration.installing?.addEventListener('statechange', offer));
  await navigator.storage?.persist?.();
  await navigator.serviceWorker.ready;
  say('kept', word('check', 'passed').content.textContent);
}

/* A new shell waits until nobody is in the middle of something. */
function offerVersion(worker) {
  const box = notice('new_version');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button second';
  button.textContent = phrase('reload');
  button.addEventListener('click', () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
    worker.postMessage('take over');
  });
  box.append(button);
  $('problems').append(box);
}

function listen() {
  $('start').addEventListener('click', () => guarded(startCamera()));
  $('stop').addEventListener('click', stopCamera);
  $('again').addEventListener('click', askAgain);
  $('update').addEventListener('click', () => guarded(update()));
  $('photo').addEventListener('change', () => guarded(checkPhoto($('photo').files[0])));
  $('typed').addEventListener('submit', (event) => {
    event.preventDefault();
    guarded(checkTyped($('text').value));
  });
  addEventListener('pagehide', stopCamera);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) stopCamera();
    else updateWhenDue();
  });
  addEventListener('online', updateWhenDue);
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    $('install').hidden = false;
    $('install').onclick = () => event.prompt();
  });
}

/* Whatever goes wrong is said; it is never taken for a verdict. */
async function guarded(work) {
  try {
    await work;
  } catch (error) {
    $('answer').hidden = true;
    $('ask').hidden = false;
    $('problems').replaceChildren(notice('broken'));
    throw error;
  }
}

async function begin() {
  listen();
  await store.put('language', language);
  const landed = location.pathname.startsWith('/v/');
  await reload();
  if (landed && known.keySet) await check(location.pathname, ['landed']);
  const kept = install();
  if (!landed) await update();
  await kept;
  document.documentElement.dataset.ready = 'yes';
}

guarded(begin());
