// select[data-enhance=search]: typing a few letters finds an entry of a long list, blind to tone marks ("co noi" finds "Cò Nòi"), also by the
// further names of an entry (data-words: communes of before July 2025). The select stays in the form and carries the value; a combobox
// (WAI-ARIA, editable with list) stands in its place.
const english = document.documentElement.lang === "en";
const most = 200;
const other = "khac";

const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d").replace(/[^a-z0-9]+/g, " ").trim();
// People write the kind of unit, leave it out, or remember another one.
const kinds = new Set("xa phuong thi tran huyen quan thanh pho tinh dac khu tp tx tt p x h cu".split(" "));

function wanted(typed) {
  const words = fold(typed).split(" ").filter(Boolean);
  const needed = words.filter(w => !kinds.has(w));
  return needed.length ? needed : words;
}

const has = (text, words) => words.every(w => (" " + text).includes(" " + w));

export default function search(select) {
  const label = document.querySelector(`label[for="${select.id}"]`);
  const make = (tag, properties, attributes) => {
    const element = Object.assign(document.createElement(tag), properties);
    for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, value);
    return element;
  };
  const list = make("ul", { id: select.id + "-list", className: "finder__list", hidden: true }, { role: "listbox", "aria-label": label?.textContent ?? "" });
  const input = make("input", { id: select.id + "-find", type: "text", autocomplete: "off", spellcheck: false, placeholder: english ? "Type to search" : "Gõ để tìm" }, {
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    "aria-describedby": select.getAttribute("aria-describedby"), "aria-invalid": select.getAttribute("aria-invalid"),
  });
  const said = make("p", { className: "visually-hidden" }, { role: "status" });
  const box = make("div", { className: "finder" }, {});
  box.append(input, list, said);
  select.after(box);
  select.classList.add("visually-hidden");
  select.tabIndex = -1;
  select.setAttribute("aria-hidden", "true");
  if (label) label.htmlFor = input.id;
  for (const element of select.form?.querySelectorAll("[data-without-script]") ?? []) element.hidden = true;

  let entries = [], shown = [], only = null, active = -1;
  const read = () => {
    entries = [...select.options].filter(o => o.value).map(o => {
      const group = o.parentElement.label ?? "";
      return { value: o.value, text: o.text, group, name: wanted(o.text).join(" "), own: fold(o.text + " " + group), former: (o.dataset.words ?? "").split("; ").filter(Boolean).map(text => ({ text, own: fold(text + " " + group) })) };
    });
    tell();
  };
  const tell = () => { input.value = select.value ? select.selectedOptions[0].text : ""; };

  const close = () => { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const mark = at => {
    list.children[active]?.removeAttribute("aria-selected");
    active = at;
    const option = list.children[at];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };
  const choose = entry => {
    // What is not in the list was typed here: it goes on as the name that is asked for next.
    const name = entry?.value === other && select.form?.elements.Name;
    if (name && !name.value) name.value = input.value.trim();
    select.value = entry ? entry.value : "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  };
  const open = typed => {
    const words = wanted(typed);
    const now = [], before = [];
    for (const entry of entries) {
      if (entry.value === other) continue;
      if (has(entry.own, words)) now.push({ entry, was: "" });
      else {
        const former = entry.former.find(f => has(f.own, words));
        if (former) before.push({ entry, was: former.text });
      }
    }
    const near = ({ entry }) => entry.name.startsWith(words.join(" ")) ? 0 : entry.own.includes(words.join(" ")) ? 1 : 2;
    now.sort((a, b) => near(a) - near(b));
    // What was typed with its marks comes first: Chiềng Hắc and Chiềng Hặc are two.
    const marked = typed.normalize("NFC").toLowerCase().split(",")[0].trim();
    const exact = ({ entry, was }) => (was || entry.text).toLowerCase().split(",")[0].includes(marked) ? 0 : 1;
    const found = [...now, ...before].sort((a, b) => exact(a) - exact(b));
    const many = found.length;
    // "Not in the list" stands below whatever was found.
    found.push(...entries.filter(e => e.value === other).map(entry => ({ entry, was: "" })));
    only = many < 2 && found.length ? found[0].entry : null;
    shown = found.slice(0, most);
    list.replaceChildren(...shown.map(({ entry, was }, at) => {
      const option = make("li", { id: `${list.id}-${at}` }, { role: "option" });
      option.append(make("span", { textContent: entry.group ? `${entry.text}, ${entry.group}` : entry.text }, {}));
      if (was) option.append(make("small", { textContent: (english ? "formerly " : "trước đây: ") + was }, {}));
      option.addEventListener("click", () => choose(entry));
      return option;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    said.className = shown.length ? "visually-hidden" : "field__hint";
    said.textContent = shown.length ? (english ? `${many} found` : `Tìm thấy ${many}`)
      : (english ? "Nothing found. Type less, or clear the field to see the whole list" : "Không thấy. Gõ ít chữ hơn, hoặc xóa hết để xem cả danh sách");
  };

  input.addEventListener("input", () => open(input.value));
  input.addEventListener("click", () => { if (list.hidden && entries.length <= most) open(""); input.select(); });
  input.addEventListener("keydown", e => {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      if (list.hidden) open(select.value && input.value === select.selectedOptions[0].text ? "" : input.value);
      if (shown.length) mark((active + (e.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length);
    } else if (e.key === "Enter" && !list.hidden) {
      e.preventDefault();
      if (active >= 0 || only) choose(active >= 0 ? shown[active].entry : only);
    } else if (e.key === "Escape" && !list.hidden) {
      e.stopPropagation();
      close();
    }
  });
  // A tap on an entry must not take the focus away first.
  list.addEventListener("pointerdown", e => e.preventDefault());
  input.addEventListener("blur", () => {
    if (list.hidden) { said.textContent = ""; tell(); return; }
    if (input.value.trim() === "") choose(null);
    else if (only) choose(only);
    else { close(); tell(); }
    said.textContent = "";
  });
  select.addEventListener("change", tell);
  select.addEventListener("refill", () => { close(); said.textContent = ""; read(); });
  select.addEventListener("focus", () => input.focus());
  read();
}
