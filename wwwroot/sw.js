const VERSION = "b139fc0b"; // the first 8 hex digits of the SHA-256 of what follows this line; a test says so
// Pages of lots that were visited stay on the device, and without network they say when they were kept instead of what was
// true then. The pages for the field (diary, inspection) open without network too, with everything that they named when they were kept (js/field.js); what was written there is no matter of this worker. Every
// other page comes from the network or not at all. What never changes at its address comes from here.
const SHELL = "shell-" + VERSION;
const STATIC = "static-" + VERSION;
const PICTURES = "pictures";
const KEPT = "kept";
const FIELD = "field";
const MOST = { [STATIC]: 80, [PICTURES]: 80, [KEPT]: 40 };
const PATIENCE = 8000;
const IN_THE_FIELD = 3000;
const lotOf = path => /^(\/en)?\/lo\/([a-z0-9-]{1,20})$/i.exec(path);
const offlinePage = english => (english ? "/en" : "") + "/ngoai-tuyen";

addEventListener("install", event => event.waitUntil((async () => {
  const shell = await caches.open(SHELL);
  await shell.addAll([offlinePage(false), offlinePage(true), "/img/icon.svg"].map(path => new Request(path, { cache: "reload", credentials: "omit" })));
  await skipWaiting();
})()));

addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (![SHELL, STATIC, PICTURES, KEPT, FIELD].includes(name)) await caches.delete(name);
  await registration.navigationPreload?.enable();
  await clients.claim();
  // The page that brought the worker here was read before it could be kept.
  for (const { url } of await clients.matchAll()) {
    const lot = lotOf(new URL(url).pathname);
    const response = lot && await fetch(url, { cache: "force-cache" }).catch(() => {});
    if (response?.ok && response.headers.has("X-Keep-Offline")) await keep(keyOf(lot), response);
  }
})()));

addEventListener("fetch", event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, pathname));
  else if (/^\/(media|tranh)\/[^/]+\/w320\.webp$/.test(pathname) && lotOf(new URL(request.referrer || "/", origin).pathname)) event.respondWith(stored(event, PICTURES));
  else if (/^\/(css|js|img)\/.+\.[a-z0-9]{10}\.\w+$|^\/fonts\//.test(pathname)) event.respondWith(stored(event, STATIC));
  else if (/^\/(js|img)\/|\.webmanifest$/.test(pathname)) event.respondWith(soon(fetch(request), pathname));
});

async function page(event, pathname) {
  const lot = lotOf(pathname);
  const network = fromNetwork(event, lot && keyOf(lot));
  event.waitUntil(network.catch(() => {}));
  if (inTheField.test(pathname) && await inField(pathname)) return soon(network, pathname);
  try {
    return await (lot && await isKept(lot) ? Promise.race([network, fail(PATIENCE)]) : network);
  } catch {
    return await kept(lot) ?? await fromLabel(pathname) ?? await offline(pathname);
  }
}

const inTheField = /^(\/en)?\/(quan-ly\/nhat-ky|so-cong-thuong\/kiem-tra\/tai-cho)$/;
const inField = pathname => caches.match(pathname, { cacheName: FIELD, ignoreVary: true });

// A weak signal is as good as none to somebody who stands in the field.
async function soon(network, pathname) {
  network.catch(() => {});
  const kept = await inField(pathname);
  return kept ? Promise.race([network, fail(IN_THE_FIELD)]).catch(() => kept) : network;
}

async function fromNetwork(event, key) {
  const response = await event.preloadResponse ?? await fetch(event.request);
  if (key && response.ok && response.headers.has("X-Keep-Offline")) event.waitUntil(keep(key, response.clone()));
  else if (key && response.status === 404) await (await caches.open(KEPT)).delete(key);
  return response;
}

const keyOf = ([, english = "", code]) => `${english}/lo/${code.toUpperCase()}`;
const isKept = async lot => !!await (await caches.open(KEPT)).match(keyOf(lot));
const fail = after => new Promise((_, refuse) => setTimeout(refuse, after, new Error("no answer")));

async function keep(key, response) {
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  headers.set("X-Kept-At", Date.now());
  await put(KEPT, key, new Response(await response.text(), { headers }));
}

async function kept(lot) {
  const response = lot && await (await caches.open(KEPT)).match(keyOf(lot));
  if (!response) return;
  const html = (await response.text()).replace(/<html\b/, "$& class=\"kept\"").replace("<b data-kept></b>", `<b>${timeOf(response)}</b>`);
  return new Response(html, { headers: response.headers });
}

// A label carries /01/{gtin}/10/{lot}: the lot's page may be here although its address was never asked for.
async function fromLabel(pathname) {
  const lot = /\/10\/([A-Za-z0-9-]{1,20})(\/|$)/.exec(pathname);
  const path = lot && (pathname.startsWith("/en/") ? "/en" : "") + "/lo/" + lot[1].toUpperCase();
  if (path && await isKept(lotOf(path))) return Response.redirect(path);
}

async function offline(pathname) {
  const english = pathname === "/en" || pathname.startsWith("/en/");
  const response = await (await caches.open(SHELL)).match(offlinePage(english));
  if (!response) return Response.error();
  const cache = await caches.open(KEPT);
  const items = [];
  for (const request of (await cache.keys()).reverse()) {
    const path = new URL(request.url).pathname;
    if (path.startsWith("/en/") !== english) continue;
    const page = await cache.match(request);
    const title = /<title>(.*?)<\/title>/s.exec(await page.text())?.[1] ?? path;
    items.push(`<li><a href="${path}">${title}</a><br><small>${timeOf(page)}</small></li>`);
  }
  let html = await response.text();
  if (items.length) html = html.replace("data-kept-list hidden", "data-kept-list").replace("<ul></ul>", () => `<ul>${items.join("")}</ul>`);
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(html, { headers });
}

async function stored(event, name) {
  const known = await (await caches.open(name)).match(event.request) ?? await inField(new URL(event.request.url).pathname);
  if (known) return known;
  const response = await fetch(event.request);
  if (response.ok && response.type === "basic") event.waitUntil(put(name, event.request, response.clone()));
  return response;
}

async function put(name, key, response) {
  const cache = await caches.open(name);
  await cache.delete(key);
  await cache.put(key, response);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST[name]))) await cache.delete(old);
}

// 26/11/2026 15:32, Vietnam time.
const timeOf = response => new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" })
  .format(new Date(+response.headers.get("X-Kept-At"))).replace(",", "");
