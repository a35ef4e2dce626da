// form[data-keep=name], which the server writes on every form with texts but those with secrets: what is typed and not sent yet stays in this browser. After a reload, a crash or a lost connection it is offered
// again; it goes once the server has it (the cookie sl_received names the form), when somebody signs out (app.js), and after a week.
// Files, passwords and hidden fields are never kept.
const prefix = "sl-keep:";
const week = 7 * 24 * 3600 * 1000;
const words = document.documentElement.lang === "en"
  ? { found: at => `Something you typed at ${at} was not saved.`, use: "Use it", drop: "Discard it", lost: "No connection. What you typed and the photos you chose stay on this page.", again: "Send again" }
  : { found: at => `Có nội dung bạn gõ lúc ${at} chưa lưu.`, use: "Dùng lại", drop: "Bỏ đi", lost: "Chưa có mạng. Chữ đã gõ và ảnh đã chọn vẫn còn trên trang này.", again: "Gửi lại" };

const store = {
  read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  write(key, entry) { try { localStorage.setItem(key, JSON.stringify(entry)); } catch { /* full or forbidden: the page works as without script */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* as above */ } },
  keys() { try { return Object.keys(localStorage).filter(k => k.startsWith(prefix)); } catch { return []; } },
};

// The server has these forms.
const received = document.cookie.match(/(?:^|; )(?:__Host-)?sl_received=([\w-]+)/)?.[1];
for (const key of store.keys()) {
  const entry = store.read(key);
  if (!entry || entry.once === received || Date.now() - entry.at > week) store.drop(key);
}
if (received) for (const name of ["sl_received", "__Host-sl_received"]) document.cookie = `${name}=; Path=/; Max-Age=0; SameSite=Strict${name.startsWith("__") ? "; Secure" : ""}`;

const fields = form => [...form.elements].filter(f => f.name && !f.name.startsWith("_") && !["hidden", "file", "password", "submit", "button", "fieldset"].includes(f.type));
const typed = form => fields(form).filter(f => !["checkbox", "radio"].includes(f.type) || f.checked).map(f => [f.name, f.value]);
// What the server wrote, whatever was typed since: people are faster than this file.
const written = f => f.localName === "select" ? ([...f.options].find(o => o.defaultSelected) ?? f.options[0])?.value ?? "" : ["checkbox", "radio"].includes(f.type) ? f.value : f.defaultValue;
const served = form => fields(form).filter(f => !["checkbox", "radio"].includes(f.type) || f.defaultChecked).map(f => [f.name, written(f)]);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function fill(form, values) {
  const left = values.slice();
  for (const field of fields(form)) {
    const at = left.findIndex(([name, value]) => name === field.name && (!["checkbox", "radio"].includes(field.type) || value === field.value));
    const before = ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
    if (["checkbox", "radio"].includes(field.type)) field.checked = at >= 0;
    else if (at >= 0) field.value = left[at][1];
    if (at >= 0) left.splice(at, 1);
    if (before !== (["checkbox", "radio"].includes(field.type) ? field.checked : field.value))
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  }
}

function say(form, text, ...buttons) {
  form.querySelector(".kept")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "notice notice--warn kept" });
  box.setAttribute("role", "status");
  const row = Object.assign(document.createElement("div"), { className: "cluster" });
  for (const [label, act] of buttons) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: label });
    button.addEventListener("click", () => { box.remove(); act(); });
    row.append(button);
  }
  box.append(Object.assign(document.createElement("p"), { textContent: text }), row);
  form.prepend(box);
  return box;
}

// The answer to this form then carries the cookie.
function ask(form) {
  if (!form.elements._kept) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "_kept", value: "1" }));
}

export default function keep(form) {
  const key = prefix + form.dataset.keep;
  const initial = served(form);
  // What was refused stands on the page and nowhere else. Of several forms the one with the wrong field is meant.
  const refused = !!document.querySelector(".error-summary") && (!!form.querySelector("[aria-invalid]") || document.querySelectorAll("form[data-keep]").length === 1);
  const once = () => form.elements._once?.value;
  // Refused on another page than it was filled in on: it is kept under this page's name now.
  if (refused) for (const other of store.keys())
    if (other !== key && other.startsWith(`${key.split("#")[0]}#`) && ![...document.querySelectorAll("form[data-keep]")].some(f => prefix + f.dataset.keep === other)) store.drop(other);
  const note = () => {
    const now = typed(form);
    if (same(now, initial) && !refused) store.drop(key);
    else store.write(key, { at: Date.now(), once: once(), values: now });
  };

  const entry = store.read(key);
  const already = !same(typed(form), initial);
  if (refused || already || (entry && same(entry.values, initial))) note();
  if (entry && !refused && !same(entry.values, initial) && !same(entry.values, typed(form))) {
    const at = new Date(entry.at).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit" });
    say(form, words.found(at), [words.use, () => { fill(form, entry.values); note(); form.querySelector("input:not([type=hidden]), textarea, select")?.focus(); }], [words.drop, () => store.drop(key)]);
  }

  let timer;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(note, 250); });
  form.addEventListener("change", note);
  // Who signs out leaves nothing behind, not even what was typed in the last moment.
  document.addEventListener("submit", e => { if (e.target.action.endsWith("/dang-xuat")) { clearTimeout(timer); timer = 0; } });
  addEventListener("pagehide", () => { if (timer) note(); });

  // A form that cannot reach the server stays on the page, with its photos. Whoever was heard from within the last minute is not asked.
  let reached = false;
  let heardAt = 0;
  form.addEventListener("submit", async e => {
    clearTimeout(timer);
    note();
    if (reached || (navigator.onLine && performance.now() - heardAt < 60_000)) return ask(form);
    e.preventDefault();
    const { submitter } = e;
    submitter?.setAttribute("aria-busy", "true");
    const answer = navigator.onLine && await fetch("/manifest.webmanifest", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(6000) }).catch(() => null);
    submitter?.removeAttribute("aria-busy");
    if (!answer) {
      say(form, words.lost, [words.again, () => form.requestSubmit(submitter)]).scrollIntoView({ block: "center" });
      return;
    }
    heardAt = performance.now();
    reached = true;
    form.requestSubmit(submitter);
    reached = false;
  });
}
