// select[data-enhance=search]: a field above a long list that narrows it while typing, blind to tone marks ("co noi" finds "Cò Nòi").
// The select stays the field of the form, so keyboards, screen readers and the server see what they saw before.
const english = document.documentElement.lang === "en";

export const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase().trim();

export default function wardSearch(select) {
  const all = [...select.options].map(option => ({ option, text: fold(option.text) }));
  const box = document.createElement("div");
  box.className = "finder";
  const input = document.createElement("input");
  input.type = "search";
  input.autocomplete = "off";
  input.setAttribute("aria-label", english ? "Type to narrow the list" : "Gõ vài chữ để tìm trong danh sách");
  input.setAttribute("aria-controls", select.id);
  const said = document.createElement("p");
  said.className = "field__hint";
  said.setAttribute("role", "status");
  select.before(box);
  box.append(input, select, said);

  input.addEventListener("input", () => {
    const typed = fold(input.value);
    const found = all.filter(o => !typed || o.text.includes(typed));
    const chosen = select.value;
    select.replaceChildren(...found.map(o => o.option));
    select.size = typed && found.length > 1 ? Math.min(found.length, 6) : 0;
    if (found.some(o => o.option.value === chosen)) select.value = chosen;
    else if (typed && found.length === 1) select.selectedIndex = 0;
    else if (typed) select.selectedIndex = -1;
    said.textContent = typed ? (found.length ? (english ? `${found.length} found` : `Tìm thấy ${found.length}`) : (english ? "Nothing found; try fewer letters" : "Không thấy; hãy gõ ít chữ hơn")) : "";
  });
  input.addEventListener("keydown", e => {
    if (e.key === "ArrowDown") { e.preventDefault(); select.focus(); if (select.selectedIndex < 0) select.selectedIndex = 0; }
    if (e.key === "Enter" && select.options.length > 1) { e.preventDefault(); select.focus(); }
  });
  select.addEventListener("change", () => { if (select.size > 0 && select.value) { input.value = select.selectedOptions[0].text; select.size = 0; said.textContent = ""; } });
}
