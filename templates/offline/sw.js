/* Keeps the offline verifier on the device and answers for the office when it is out of
   reach. VERSION, PAGE and SHELL ([{ url, sha256, own }]) stand before this in the file.

   The shell is kept whole or not at all; a new one waits until the page asks for it or
   the old one is closed. Nothing that was scanned comes here but the address of a QR
   that somebody opened, and that is not kept. */

const CACHE = `luring-${VERSION}`;
const PLACES = new Set(SHELL.map(({ url }) => url));

self.addEventListener('install', (event) => event.waitUntil(keep()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('message', ({ data }) => data === 'take over' && self.skipWaiting());

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, search, searchParams } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    const wanted = searchParams.get('lang');
    if (pathname === PAGE) event.respondWith(page(request, wanted));
    else if (/^\/v\/[0-9]+$/.test(pathname)) {
      event.respondWith(fetch(request).catch(() => page(request, wanted)));
    }
  } else if (PLACES.has(pathname + search)) {
    event.respondWith(kept(pathname + search).then((found) => found ?? fetch(request)));
  }
});

async function keep() {
  const cache = await caches.open(CACHE);
  const own = await hasOwnReader();
  for (const place of SHELL) if (!(place.own && own)) await keepOne(cache, place);
}

async function keepOne(cache, { url, sha256 }) {
  if (await cache.match(url, { ignoreVary: true })) return;
  const response = await fetch(url, { cache: 'no-cache', credentials: 'omit', redirect: 'error' });
  const body = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (!response.ok || found !== sha256) throw new Error(`${url} is not what was announced`);
  const headers = new Headers(response.headers);
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  await cache.put(url, new Response(body, { headers }));
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith('luring-') && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

const kept = async (url) => (await caches.open(CACHE)).match(url, { ignoreVary: true });

async function page(request, wanted) {
  const language = ['id', 'en'].includes(wanted) ? wanted : await chosenLanguage();
  return (await kept(`${PAGE}?lang=${language}`)) ?? fetch(request);
}

/* The page leaves its language beside the published files. */
function chosenLanguage() {
  return new Promise((resolve) => {
    const request = indexedDB.open('luring', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('published');
    request.onerror = () => resolve('id');
    request.onsuccess = () => {
      const asked = request.result.transaction('published').objectStore('published').get('language');
      asked.onsuccess = () => resolve(asked.result ?? 'id');
      asked.onerror = () => resolve('id');
      request.result.close();
    };
  });
}

/* A browser that reads QR codes itself needs no zxing. */
async function hasOwnReader() {
  if (!('BarcodeDetector' in self)) return false;
  return (await self.BarcodeDetector.getSupportedFormats()).includes('qr_code');
}
