// select[data-enhance=search]: a field above a long list that narrows it while typing, blind to tone marks ("co noi" finds "Cò Nòi").
// The select stays the form's field: keyboards, screen readers and the server meet what they know.
const english = document.documentElement.lang === "en";

export const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d").trim();

export default function wardSearch(select) {
  let everything, options;
  const read = () => {
    everything = [...select.childNodes];
    options = [...select.options].map(option => ({ option, text: fold(option.text) }));
  };
  read();
  const box = Object.assign(document.createElement("div"), { className: "finder" });
  const input = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off", placeholder: english ? "Type to narrow" : "Gõ để tìm" });
  const said = Object.assign(document.createElement("p"), { className: "field__hint" });
  input.setAttribute("aria-label", english ? "Type to narrow the list" : "Gõ vài chữ để tìm trong danh sách");
  said.setAttribute("role", "status");
  select.before(box);
  box.append(input, select, said);

  input.addEventListener("input", () => {
    const typed = fold(input.value);
    const chosen = select.value;
    const found = options.filter(o => o.text.includes(typed));
    select.replaceChildren(...(typed ? found.map(o => o.option.cloneNode(true)) : everything));
    select.size = typed && found.length > 1 ? Math.min(found.length, 6) : 0;
    select.value = typed && found.length === 1 ? found[0].option.value : chosen;
    said.textContent = !typed ? ""
      : found.length ? (english ? `${found.length} found` : `Tìm thấy ${found.length}`)
      : (english ? "Nothing found; try fewer letters" : "Không thấy; hãy gõ ít chữ hơn");
  });
  input.addEventListener("keydown", e => {
    if (e.key !== "ArrowDown" && e.key !== "Enter") return;
    e.preventDefault();
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    select.focus();
  });
  const settle = () => {
    if (!select.size || !select.value) return;
    input.value = select.selectedOptions[0].text;
    select.size = 0;
    said.textContent = "";
  };
  select.addEventListener("refill", () => { input.value = said.textContent = ""; select.size = 0; read(); });
  select.addEventListener("click", settle);
  select.addEventListener("blur", settle);
}
