// form[data-enhance=suggest]: names of what is on sale, below the search box while somebody types (ARIA combobox with a list).
// Arrow keys choose, Enter goes there, Escape closes; a slow network or none changes nothing: the form still searches.
const english = document.documentElement.lang === "en";
const known = new Map();
let lists = 0;

export default function suggest(form) {
  const input = form.querySelector("input[type=search]");
  const list = Object.assign(document.createElement("ul"), { className: "suggest", id: `suggest-${++lists}`, hidden: true });
  const said = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", english ? "Suggestions" : "Gợi ý");
  said.setAttribute("role", "status");
  for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  form.append(list, said);

  let waiting, asking, at = -1;
  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = to => {
    options().forEach((o, i) => o.setAttribute("aria-selected", i === to));
    at = to;
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", options()[at].id);
    options()[at].scrollIntoView({ block: "nearest" });
  };
  const show = found => {
    if (document.activeElement !== input || !found.length) return close();
    list.replaceChildren(...found.map((f, i) => {
      const option = Object.assign(document.createElement("li"), { id: `${list.id}-${i}` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.url = f.url;
      option.append(Object.assign(document.createElement("span"), { textContent: f.text }), Object.assign(document.createElement("small"), { textContent: f.kind }));
      return option;
    }));
    list.hidden = false;
    at = -1;
    input.setAttribute("aria-expanded", "true");
    said.textContent = english ? `${found.length} suggestions` : `Có ${found.length} gợi ý`;
  };
  const ask = async () => {
    const typed = input.value.trim().toLowerCase();
    asking?.abort();
    if (typed.length < 2) return close();
    if (!known.has(typed)) {
      asking = new AbortController();
      try {
        const answer = await fetch(`${english ? "/en" : ""}/goi-y?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
        if (!answer.ok) return close();
        known.set(typed, await answer.json());
      } catch {
        return;
      }
    }
    if (input.value.trim().toLowerCase() === typed) show(known.get(typed));
  };
  const go = option => { location.href = option.dataset.url; };

  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 180); });
  input.addEventListener("keydown", e => {
    if (list.hidden) return;
    const last = options().length - 1;
    if (e.key === "ArrowDown") choose(at === last ? -1 : at + 1);
    else if (e.key === "ArrowUp") choose(at < 0 ? last : at - 1);
    else if (e.key === "Enter" && at >= 0) go(options()[at]);
    else if (e.key === "Escape") close();
    else return;
    e.preventDefault();
  });
  // The press would take the focus from the field before the click arrives.
  list.addEventListener("pointerdown", e => e.preventDefault());
  list.addEventListener("click", e => { const option = e.target.closest("[role=option]"); if (option) go(option); });
  input.addEventListener("blur", close);
}
