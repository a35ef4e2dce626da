// Sends what waits, in the order in which it was written, text before photos. The server knows each entry and each photo by its id: what is sent twice is there once, so that
// whatever has no answer is simply sent again.
import { alter, change, entries, photo, unsent } from "./field-store.js";

const language = document.documentElement.lang === "en" ? "/en" : "";
const refusals = [400, 403, 404, 409, 413, 415, 422];
const remembered = 30;
let timer;
let tries = 0;

// Calls back after each step; then with how it ended: "done", "offline", "signIn" or "later".
export async function send(account, changed) {
  clearTimeout(timer);
  if (!navigator.onLine) return changed("offline");
  const run = () => drain(account, changed).catch(() => "later");
  const outcome = navigator.locks ? await navigator.locks.request("sl-field", { ifAvailable: true }, lock => lock ? run() : "busy") : await run();
  if (outcome === "done") tries = 0;
  else if (outcome !== "signIn") timer = setTimeout(() => send(account, changed), outcome === "busy" ? 2000 : Math.min(300_000, 5000 * 2 ** tries++));
  await changed(outcome);
}

async function drain(account, changed) {
  for (;;) {
    const all = await entries(account);
    const entry = all.find(e => e.state === "waiting") ?? all.find(e => e.state === "sent" && unsent(e).length);
    if (!entry) {
      const old = all.filter(e => e.state === "sent" && !e.photos.length).slice(0, -remembered);
      if (old.length) await change(stored => old.forEach(e => stored.delete(e.id)));
      return "done";
    }
    const outcome = entry.state === "sent" ? await sendPhoto(entry) : entry.code ? await readCode(entry) : await sendText(entry);
    if (outcome) return outcome;
    await changed();
  }
}

// Entries that an earlier program kept are of the diary.
const at = entry => `${entry.to ?? "/quan-ly/nhat-ky"}/${entry.id}`;

// What the entry is about stands on a photo: the server reads it, then the text can be sent.
async function readCode(entry) {
  const stored = await photo(entry.code);
  const { status, body } = stored ? await put(`${at(entry)}/tem`, stored.blob, stored.blob.type || "image/jpeg", 120_000) : { status: 404, body: {} };
  if (status !== 200 && !refusals.includes(status)) return status === 401 ? "signIn" : "later";
  await alter(entry.id, (now, texts, photos) => {
    // It was written again meanwhile.
    if (now.code !== entry.code) return;
    const text = JSON.parse(now.body);
    if (status === 200) texts.put({ ...now, code: undefined, body: JSON.stringify({ ...text, entry: { ...text.entry, Subject: body.code } }), values: [...now.values, ["Subject", body.code]], lotName: body.code });
    else texts.put({ ...now, code: undefined, state: "refused", problem: { title: body.title ?? "", errors: body.errors ?? {} } });
    photos.delete(entry.code);
  });
}

async function sendText(entry) {
  // From here on nobody knows whether the server has it: it may no longer be changed until the server says so.
  if (!entry.tried) await change(stored => stored.put({ ...entry, tried: true }));
  const { status, body } = await put(at(entry), entry.body, "application/json", 30_000);
  if (status === 200 || status === 201) await change(stored => stored.put({ ...entry, state: "sent", tried: true, problem: null, blocked: !!body.lotBlocked, number: body.number, harvestFrom: body.harvestFrom, sentAt: Date.now() }));
  else if (refusals.includes(status)) await change(stored => stored.put({ ...entry, state: "refused", tried: false, problem: { title: body.title ?? "", errors: body.errors ?? {} } }));
  else return status === 401 ? "signIn" : "later";
}

async function sendPhoto(entry) {
  const [{ id }] = unsent(entry);
  const stored = await photo(id);
  const { status, body } = stored ? await put(`${at(entry)}/anh/${id}`, stored.blob, stored.blob.type || "image/jpeg", 180_000) : { status: 404, body: {} };
  if (status !== 200 && status !== 201 && !refusals.includes(status)) return status === 401 ? "signIn" : "later";
  const refused = status < 300 ? undefined : Object.values(body.errors ?? {}).flat().join(" ") || (body.title ?? "");
  await alter(entry.id, (now, texts, photos) => {
    const left = refused === undefined ? now.photos.filter(p => p.id !== id) : now.photos.map(p => p.id === id ? { ...p, refused } : p);
    texts.put({ ...now, photos: left, blocked: body.lotBlocked ?? now.blocked });
    if (refused === undefined) photos.delete(id);
  });
}

async function put(path, body, type, patience) {
  const answer = await fetch(language + path, { method: "PUT", body, headers: { "Content-Type": type, Accept: "application/json" }, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(patience) });
  return { status: answer.type === "opaqueredirect" ? 401 : answer.status, body: await answer.json().catch(() => ({})) };
}
