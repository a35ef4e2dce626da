// Pages work without this. Each behaviour improves the elements that ask for it and is fetched only where one does:
// select[data-enhance=search] · input[type=file][data-enhance=photo] · form[data-enhance=filters] ·
// select[data-enhance=province] · select[data-enhance=inputs] · form[data-enhance=suggest] · button[data-ask] · input[data-echo] · [data-follow=open] · form[data-enhance=passkey] · [data-enhance=gallery] · [data-enhance=share] · [data-enhance=specimen] · form[data-keep] · form[data-enhance=field] · [data-preview]
const behaviours = {
  "select[data-enhance=search]": "./ward-search.js",
  "input[data-enhance=photo]": "./photo.js",
  "form[data-enhance=filters]": "./filters.js",
  "select[data-enhance=province]": "./province.js",
  "select[data-enhance=inputs]": "./inputs.js",
  "button[data-ask]": "./ask-first.js",
  "input[data-echo]": "./echo.js",
  "[data-follow=open]": "./follow.js",
  "form[data-enhance=passkey]": "./passkey.js",
  "[data-enhance=gallery]": "./gallery.js",
  "[data-enhance=share]": "./share.js",
  "[data-enhance=specimen]": "./specimen.js",
  "form[data-keep]": "./keep.js",
  "form[data-enhance=field]": "./field.js",
  "[data-preview]": "./preview.js",
};

for (const [selector, module] of Object.entries(behaviours)) {
  const elements = document.querySelectorAll(selector);
  if (elements.length) import(module).then(({ default: improve }) => elements.forEach(improve));
}

// What was kept of a form goes once the server has it, and with whoever signs out of a shared phone.
if (document.cookie.includes("sl_received=")) import("./keep.js");
document.addEventListener("submit", e => {
  if (!e.target.action.endsWith("/dang-xuat")) return;
  try {
    // What was written in the field and not sent yet is asked about first.
    if (localStorage.getItem("sl-field")) {
      e.preventDefault();
      return void import("./leave.js").then(({ default: leave }) => leave(e.target));
    }
    for (const key of Object.keys(localStorage)) if (key.startsWith("sl-keep:")) localStorage.removeItem(key);
  } catch { /* nothing is kept where nothing may be stored */ }
});

// Most pages are read without searching: suggestions are fetched when the box is entered.
for (const form of document.querySelectorAll("form[data-enhance=suggest]")) form.addEventListener("focusin", () => import("./suggest.js").then(({ default: suggest }) => suggest(form)), { once: true });

// A refused form begins at its list of messages (autofocus alone does nothing on a div in some browsers).
document.querySelector(".error-summary")?.focus();

// Menus that scroll sideways on a phone begin at the entry being read.
for (const here of document.querySelectorAll("nav [aria-current]")) here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;

// What is moved sideways takes the focus, and only that.
const moved = new ResizeObserver(seen => new Set(seen.map(s => s.target.closest(".table-wrap"))).forEach(t => t.scrollWidth > t.clientWidth ? t.setAttribute("tabindex", "0") : t.removeAttribute("tabindex")));
for (const place of document.querySelectorAll(".table-wrap, .table-wrap > table")) moved.observe(place);

// A form is sent once: the second click of a double click does nothing. Coming back to the page frees it again.
const sent = new Map();
document.addEventListener("submit", e => {
  if (e.defaultPrevented || e.target.method !== "post") return;
  if (sent.has(e.target)) return e.preventDefault();
  sent.set(e.target, e.submitter);
  e.submitter?.setAttribute("aria-busy", "true");
  // A file comes down beside the page, which stays.
  if ("download" in e.target.dataset) setTimeout(() => { e.submitter?.removeAttribute("aria-busy"); sent.delete(e.target); }, 3000);
});
window.addEventListener("pageshow", () => {
  sent.forEach(button => button?.removeAttribute("aria-busy"));
  sent.clear();
});
import("./worker.js");
