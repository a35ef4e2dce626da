// form[data-enhance=field]: an entry is kept on the device first and sent when there is a signal. The page stays here with what it needs, so that it opens without one (sw.js).
// What an entry is made of says the module that the form names: field-diary.js, field-inspection.js.
import { alter, change, entries, refusedPhotos, unsent, waits } from "./field-store.js";
import { send } from "./field-send.js";
import { shrink, wrong } from "./photo.js";

const english = document.documentElement.lang === "en";
const words = english
  ? {
    day: "Write day, month and year, such as 05/07/2026.", future: "The day cannot be in the future.", photos: "At most 8 photos an entry.",
    kept: "Kept on this device.", full: "This device is full: the entry was not kept. Text and photos are still on the page. Take out some photos, or send what waits, then try again.", failed: "This device could not keep the entry. Text and photos are still on the page; try again.",
    none: "Nothing waits to be sent. This page also opens without a network.", some: n => n === 1 ? "1 entry waits to be sent." : `${n} entries wait to be sent.`, offline: "No network: go on writing, it is sent when there is a signal.", later: "The server could not be reached; it is tried again by itself.", signIn: "Your session has ended: sign in to send. Nothing is lost.", enter: "Sign in", refused: n => n === 1 ? "1 entry was not taken: correct it below." : `${n} entries were not taken: correct them below.`,
    waiting: "Waiting", asked: "Waiting for the server", bad: "Not taken", left: n => n === 1 ? "Text sent, 1 photo to go" : `Text sent, ${n} photos to go`, sent: "Sent", badPhoto: "Photo not taken", photo: "The photo was not taken:", proof: "The photo of the label was not taken, so the label's interval does not count yet:",
    repair: "Correct", drop: "Delete", replace: "Take another photo", giveUp: "Leave the photo out", sure: "Really delete?", again: "Write again", written: "written", received: "sent", editing: "You are correcting an entry. Its photos stay.",
  }
  : {
    day: "Hãy ghi ngày, tháng, năm, ví dụ 05/07/2026.", future: "Ngày này không thể ở tương lai.", photos: "Mỗi mục nhiều nhất 8 ảnh.",
    kept: "Đã ghi trên máy này.", full: "Máy hết chỗ: mục này chưa ghi được. Chữ và ảnh vẫn còn trên trang. Bỏ bớt ảnh, hoặc gửi các mục đang chờ, rồi ghi lại.", failed: "Máy chưa ghi được mục này. Chữ và ảnh vẫn còn trên trang; hãy thử lại.",
    none: "Không có mục nào chờ gửi. Trang này mở được cả khi không có mạng.", some: n => `${n} mục chờ gửi.`, offline: "Không có mạng: cứ ghi, có sóng sẽ gửi.", later: "Chưa tới được máy chủ; máy tự gửi lại.", signIn: "Phiên đăng nhập đã hết: hãy đăng nhập để gửi. Không mất mục nào.", enter: "Đăng nhập", refused: n => `${n} mục chưa được nhận: hãy sửa ở dưới.`,
    waiting: "Chờ gửi", asked: "Chờ máy chủ trả lời", bad: "Chưa được nhận", left: n => `Đã gửi chữ, còn ${n} ảnh`, sent: "Đã gửi", badPhoto: "Ảnh chưa được nhận", photo: "Ảnh không được nhận:", proof: "Ảnh nhãn thuốc không được nhận, thời gian cách ly trên nhãn chưa được tính:",
    repair: "Sửa", drop: "Xóa", replace: "Chụp hoặc chọn ảnh khác", giveUp: "Bỏ ảnh này", sure: "Xóa thật?", again: "Ghi lại như vậy", written: "ghi lúc", received: "gửi lúc", editing: "Bạn đang sửa một mục. Ảnh của mục vẫn giữ.",
  };

const hour = ms => new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" }).format(ms).replace(",", "");
const dayOf = (back = 0) => new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh" }).format(Date.now() - back * 86_400_000);
const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text ?? "" });
const errorOf = name => name[0].toUpperCase() + name.slice(1);
// A group of a form answers to the name of its field: the control is asked for by what it is.
const control = (form, name) => form.querySelector(`[name="${name}"]:not([type=hidden], fieldset)`);

// Those taken now and those that were there.
const files = (form, name) => [...control(form, name + "Camera")?.files ?? [], ...control(form, name).files];

// What was filled in and belongs to the kind of work that was chosen.
const typed = (form, subject) => [...form.elements].filter(f => f.name && !f.name.startsWith("_") && f.name !== subject && !["hidden", "file", "submit", "button", "fieldset"].includes(f.type)
  && (!["checkbox", "radio"].includes(f.type) || f.checked) && f.value.trim() && shown(f)).map(f => [f.name, f.value.trim()]);
function shown(field) {
  for (let e = field.parentElement; e && e !== field.form; e = e.parentElement) if (/\bif-/.test(e.className) && getComputedStyle(e).display === "none") return false;
  return true;
}

// "Yesterday" is said on the day of writing and read on the day of sending: it becomes a date here.
function day(text) {
  const said = { "hom nay": 0, "hom qua": 1, "hom kia": 2, today: 0, yesterday: 1 }[text.trim().toLowerCase().normalize("NFD").replace(/\p{M}/gu, "")];
  if (said !== undefined) return dayOf(said);
  const [, d, m, y] = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text.trim()) ?? [];
  const date = y && new Date(Date.UTC(+y, m - 1, +d));
  return date && date.getUTCDate() === +d && date.getUTCMonth() === m - 1 ? `${d.padStart(2, "0")}/${m.padStart(2, "0")}/${y}` : null;
}
const sortable = date => date.split("/").reverse().join("");

// What the server would refuse later, when nobody stands in the field any more.
function fault(form, kind, has) {
  const value = name => control(form, name)?.value.trim();
  const date = day(value("DoneOn"));
  if (!value(kind.subject)) return [kind.subject, kind.noSubject];
  if (!date) return ["DoneOn", words.day];
  if (sortable(date) > sortable(dayOf())) return ["DoneOn", words.future];
  if (files(form, "Photos").length + has.photos > 8) return ["Photos", words.photos];
  return kind.fault({ form, value, day, sortable, has, control: name => control(form, name), files: name => files(form, name) });
}

function mark(form, kind, name, message) {
  const field = control(form, name) ?? control(form, kind.rest);
  const box = field.closest(".field, fieldset") ?? field.parentElement;
  field.setAttribute("aria-invalid", "true");
  const note = Object.assign(make("p", "field__error", message), { id: `field-${name}` });
  field.setAttribute("aria-describedby", note.id);
  box.classList.add("field--bad");
  (box.querySelector(":scope > legend, :scope > label, :scope > .field__label") ?? box.firstElementChild).after(note);
  field.closest("details")?.setAttribute("open", "");
  return field;
}

function clear(form) {
  form.querySelectorAll(".field__error").forEach(e => e.remove());
  form.querySelectorAll("[aria-invalid]").forEach(e => e.removeAttribute("aria-invalid"));
  form.querySelectorAll(".field--bad").forEach(e => e.classList.remove("field--bad"));
}

function fill(form, values) {
  for (const [name, value] of values) {
    for (const field of form.querySelectorAll(`[name="${name}"]:not([type=hidden], [type=file], fieldset)`)) {
      if (["checkbox", "radio"].includes(field.type)) field.checked = field.value === value;
      else field.value = value;
    }
  }
  form.querySelector("details")?.toggleAttribute("open", values.some(([name]) => name === "Worker" || name === "Weather"));
}

let last = 0;
// UUIDv7, each of a later millisecond than the one before: the order of ids is the order of writing, also when the clock is set back.
function newId() {
  last = Math.max(Date.now(), last + 1);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(last / 2 ** (8 * (5 - i))) & 255;
  bytes[6] = bytes[6] & 15 | 112;
  bytes[8] = bytes[8] & 63 | 128;
  return [...bytes].map(b => b.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const linked = text => [...new DOMParser().parseFromString(text, "text/html").querySelectorAll("link[href^='/'], script[src]")].filter(e => !["alternate", "canonical"].includes(e.rel)).map(e => e.getAttribute("href") ?? e.getAttribute("src"));

// The page with everything it needs, from one and the same state of the program.
async function keepPage() {
  const page = await fetch(location.pathname, { redirect: "manual" });
  if (!page.ok) return;
  const cache = await caches.open("field");
  const modules = ["dialog", "field", "field-diary", "field-inspection", "field-send", "field-store", "photo", "echo", "inputs", "leave", "worker"].map(name => new URL(`${name}.js`, import.meta.url).pathname);
  const fonts = performance.getEntriesByType("resource").map(e => new URL(e.name)).filter(u => u.origin === location.origin && u.pathname.startsWith("/fonts/")).map(u => u.pathname);
  const needed = new Set([...modules, ...linked(await page.clone().text()), ...fonts]);
  const fresh = await Promise.all([...needed].map(async path => [path, await fetch(path)]));
  if (fresh.some(([, answer]) => !answer.ok)) return;
  await Promise.all(fresh.map(([path, answer]) => cache.put(path, answer)));
  await cache.put(location.pathname, page);
  const kept = (await cache.keys()).map(request => new URL(request.url).pathname);
  for (const path of kept.filter(p => /\/(nhat-ky|tai-cho)$/.test(p))) [path, ...linked(await (await cache.match(path, { ignoreVary: true })).text())].forEach(p => needed.add(p));
  for (const path of kept) if (!needed.has(path)) await cache.delete(path, { ignoreVary: true });
}

export default async function field(form) {
  const { account } = form.dataset;
  const { default: kind } = await import(`./field-${form.dataset.field ?? "diary"}.js`);
  const state = document.querySelector("[data-field-state]");
  const queue = document.querySelector("[data-field-queue]");
  const subject = control(form, kind.subject);
  const crops = JSON.parse(form.dataset.crops ?? "{}");
  let sure = "";
  let just = "";
  let editing = null;
  let ended = "";
  try {
    await entries(account);
    localStorage.setItem("sl-field", "1");
  } catch {
    return; // A browser that keeps nothing sends the form as it is.
  }

  function begin() {
    editing = null;
    control(form, "DoneOn").value = dayOf();
    form.querySelector("[data-field-editing]")?.remove();
  }

  function suit() {
    for (const chip of document.querySelectorAll("[data-crop]")) chip.hidden = chip.dataset.crop !== crops[subject.value];
    for (const chip of document.querySelectorAll("[data-lot]")) chip.hidden = chip.dataset.lot !== subject.value;
    for (const group of document.querySelectorAll("[data-copies]")) group.hidden = !group.querySelector("[data-lot]:not([hidden])");
  }

  async function show(outcome) {
    if (outcome && outcome !== "busy") ended = outcome;
    const all = await entries(account);
    last = Math.max(last, ...all.map(e => parseInt(e.id.replace("-", "").slice(0, 12), 16)));
    const waiting = all.filter(e => e.state === "waiting" || (e.state === "sent" && unsent(e).length)).length;
    const refused = all.filter(e => e.state === "refused" || (e.state === "sent" && refusedPhotos(e).length)).length;
    for (const option of kind.once ? subject.options : []) option.disabled = kind.once(option.value) && option.value !== editing?.lot && all.some(e => e.lot === option.value && e.state !== "refused");
    const now = !navigator.onLine ? "offline" : waiting ? ended : "";
    state.className = refused || now === "signIn" ? "notice notice--warn" : "notice";
    const text = make("p", "", [refused ? words.refused(refused) : "", waiting ? words.some(waiting) : "", now && now !== "done" ? words[now] : "", !waiting && !refused && !now ? words.none : ""].filter(t => t).join(" "));
    state.replaceChildren(text);
    if (now === "signIn") text.append(" ", Object.assign(make("a", "", words.enter), { href: `${english ? "/en" : ""}/dang-nhap?tiep=${encodeURIComponent(location.pathname)}` }));
    // What became of the entry that was just written is more than that it was kept.
    const news = all.find(e => e.id === just && (e.state === "refused" || (e.state === "sent" && kind.link(e))));
    if (news) {
      just = "";
      say("bad", news.state === "refused" ? words.refused(1) : kind.link(news)[0]);
    }
    queue.hidden = !all.length;
    queue.querySelector("button").hidden = !waiting;
    queue.querySelector("ul").replaceChildren(...[...all.filter(waits), ...all.filter(e => !waits(e)).reverse().slice(0, 10)].map(row));
  }

  function row(entry) {
    const item = make("li", "row");
    item.dataset.entry = entry.id;
    const bad = entry.state === "sent" ? refusedPhotos(entry) : [];
    item.dataset.state = bad.length ? "photo" : entry.state;
    const main = make("div", "row__main");
    const [tone, label] = entry.state === "refused" ? ["bad", words.bad] : entry.state === "waiting" ? ["info", entry.tried ? words.asked : words.waiting] : bad.length ? ["bad", words.badPhoto] : entry.photos.length ? ["warn", words.left(entry.photos.length)] : ["ok", words.sent];
    const head = make("p", "");
    head.append(make("b", "", `${entry.kindName} · ${entry.doneOn}`), " ", make("span", `badge badge--${tone}`, label));
    main.append(head, make("p", "muted small", [entry.lotName, `${words.written} ${hour(Date.parse(entry.writtenAt))}`, entry.sentAt ? `${words.received} ${hour(entry.sentAt)}` : ""].filter(t => t).join(" · ")));
    if (entry.problem) for (const message of Object.values(entry.problem.errors).flat().concat(Object.keys(entry.problem.errors).length ? [] : [entry.problem.title])) main.append(make("p", "field__error", message));
    for (const p of bad) main.append(make("p", "field__error", `${p.label ? words.proof : words.photo} ${p.refused}`));
    const note = kind.note?.(entry);
    if (note) main.append(make("p", "", note));
    const link = kind.link(entry);
    if (link) {
      const p = make("p", "field__error");
      p.append(Object.assign(make("a", "", link[0]), { href: `${english ? "/en" : ""}${link[1]}` }));
      main.append(p);
    }
    const act = make("div", "row__do");
    const button = (text, name, does) => { const b = Object.assign(make("button", "button button--quiet", text), { type: "button" }); b.dataset.do = name; b.addEventListener("click", () => does(b)); act.append(b); };
    if (entry.state === "refused" || (entry.state === "waiting" && !entry.tried)) {
      button(words.repair, "repair", () => repair(entry));
      button(words.drop, "drop", twice(async () => { await remove(entry); if (editing?.id === entry.id) begin(); await show(); }));
    } else if (bad.length) {
      for (const p of bad) {
        const file = Object.assign(make("input", ""), { type: "file", accept: "image/jpeg,image/png,image/webp", hidden: true, ariaLabel: words.replace });
        file.addEventListener("change", () => file.files[0] && replace(entry.id, p.id, file.files[0]));
        button(words.replace, "replace", () => file.click());
        act.append(file);
        button(words.giveUp, "give-up", twice(async () => { await alter(entry.id, (now, texts, photos) => { texts.put({ ...now, photos: now.photos.filter(o => o.id !== p.id) }); photos.delete(p.id); }); await show(); }));
      }
    } else if (kind.again && entry.state === "sent") button(words.again, "again", () => { reset(entry.lot); fill(form, entry.values.filter(([name]) => name !== "DoneOn")); form.scrollIntoView(); });
    item.append(main, act);
    return item;
  }

  const twice = does => b => {
    if (b.dataset.sure) return does();
    b.dataset.sure = "1";
    b.textContent = words.sure;
  };

  // Another photo under the id that the text announced.
  async function replace(entry, id, chosen) {
    const blob = await shrink(chosen);
    const why = wrong(blob);
    try {
      await alter(entry, (now, texts, photos) => {
        texts.put({ ...now, photos: now.photos.map(p => p.id !== id ? p : why ? { ...p, refused: `${chosen.name}: ${why}` } : { id, label: p.label }) });
        if (!why) photos.put({ id, entry, blob });
      });
    } catch (error) {
      say("bad", error?.name === "QuotaExceededError" ? words.full : words.failed);
    }
    await show();
    send(account, show);
  }

  function say(kind, text) {
    const said = form.querySelector("[data-field-said]") ?? form.appendChild(Object.assign(make("p", ""), { role: "status" }));
    said.dataset.fieldSaid = "";
    said.className = kind && `notice notice--${kind}`;
    said.textContent = text;
  }

  const remove = entry => change((texts, photos) => { texts.delete(entry.id); [...entry.photos.map(p => p.id), entry.code].filter(id => id).forEach(id => photos.delete(id)); });

  function reset(about) {
    form.reset();
    clear(form);
    subject.value = about;
    for (const input of form.querySelectorAll("input[type=file]")) input.dispatchEvent(new Event("change"));
    begin();
    suit();
  }

  function repair(entry) {
    reset(entry.lot);
    fill(form, entry.values);
    editing = entry;
    const note = make("p", "notice", words.editing);
    note.dataset.fieldEditing = "";
    form.prepend(note);
    for (const option of subject.options) if (option.value === entry.lot) option.disabled = false;
    const wrong = Object.entries(entry.problem?.errors ?? {}).map(([name, messages]) => mark(form, kind, errorOf(name), messages.join(" ")));
    (wrong[0] ?? note).scrollIntoView({ block: "center" });
    wrong[0]?.focus();
  }

  // As small as it will be sent; what no server takes is told beside its field.
  async function small(field, file) {
    const blob = await shrink(file);
    const why = wrong(blob);
    if (why) throw Object.assign(new Error(why), { field, why: `${file.name}: ${why}` });
    return blob;
  }

  const unread = entry => entry && !entry.problem ? entry.code : undefined;

  async function write() {
    const about = subject.value;
    const values = typed(form, kind.subject).map(([name, value]) => [name, kind.days.includes(name) ? day(value) : value]);
    const id = editing?.id ?? newId();
    const writtenAt = editing && !editing.problem?.errors.writtenAt ? editing.writtenAt : new Date().toISOString();
    const added = [];
    for (const name of kind.pictures(form))
      for (const file of files(form, name)) added.push({ id: newId(), entry: id, label: name === kind.proof, blob: await small(name, file) });
    // The photo of a code that is read later: it is no photo of the entry.
    const name = kind.code?.(form);
    const [chosen] = name ? control(form, name).files : [];
    const code = chosen && { id: newId(), entry: id, blob: await small(name, chosen) };
    const proof = added.find(p => p.label);
    // One photo that proves: a new one takes the place of the old one.
    const kept = (editing?.photos ?? []).filter(p => !p.label || !proof);
    const photos = [...kept, ...added.filter(p => !p.label || p === proof).map(p => ({ id: p.id, label: p.label }))];
    const body = JSON.stringify(kind.body({ form, subject: about, writtenAt, photos, fields: Object.fromEntries(values) }));
    const entry = {
      id, account, to: kind.to, lot: about, body, values, photos, code: code?.id ?? (name && unread(editing)), writtenAt, state: "waiting", tried: false, problem: null,
      lotName: kind.about(subject, form), kindName: kind.title(form), doneOn: values.find(([name]) => name === "DoneOn")[1],
    };
    await change((texts, stored) => { texts.put(entry); if (editing?.code && editing.code !== entry.code) stored.delete(editing.code); [...added, code].filter(p => p).forEach(p => stored.put(p)); });
    reset(kind.once ? "" : about);
    return id;
  }

  form.addEventListener("submit", async e => {
    e.preventDefault();
    clear(form);
    const missing = fault(form, kind, { proof: !!editing?.photos.some(p => p.label), photos: editing?.photos.filter(p => !p.label).length ?? 0, code: unread(editing) });
    if (missing) return mark(form, kind, ...missing).focus();
    // What may be right is asked about once, all of it together.
    const doubts = kind.doubts?.({ form, subject: subject.value, date: day(control(form, "DoneOn").value), sortable }) ?? [];
    const said = doubts.map(d => d[1]).join(" ");
    if (said && sure !== said) {
      sure = said;
      return doubts.map(d => mark(form, kind, ...d))[0].focus();
    }
    sure = "";
    const button = e.submitter ?? form.querySelector("button");
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    say("", "");
    try {
      just = await write();
      say("ok", words.kept);
      navigator.storage?.persist?.();
    } catch (error) {
      if (error?.why) mark(form, kind, error.field, error.why).focus();
      else say("bad", error?.name === "QuotaExceededError" ? words.full : words.failed);
    }
    button.removeAttribute("aria-busy");
    await show();
    send(account, show);
  });

  for (const chip of document.querySelectorAll("[data-fill]")) chip.addEventListener("click", e => {
    e.preventDefault();
    if (chip.dataset.lot) reset(chip.dataset.lot);
    fill(form, Object.entries(JSON.parse(chip.dataset.fill)));
  });
  subject.addEventListener("change", suit);
  queue.querySelector("button").addEventListener("click", () => send(account, show));
  addEventListener("online", () => send(account, show));
  addEventListener("offline", () => show());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(account, show); });

  const asked = new URLSearchParams(location.search).get(kind.asked);
  if (asked && [...subject.options].some(o => o.value === asked)) subject.value = asked;
  kind.open?.(new URLSearchParams(location.search), form, subject);
  if (!document.querySelector(".error-summary")) control(form, "DoneOn").value = dayOf();
  suit();
  await show();
  send(account, show);
  if (window.caches && navigator.onLine) await keepPage().catch(() => { /* no network, or no room: the page that is kept stays */ });
  state.dataset.fieldState = "ready";
}
