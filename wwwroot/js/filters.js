// form[data-enhance=filters]: sends itself when a choice changes, without empty fields in the address.
export default function filters(form) {
  form.addEventListener("change", e => {
    if (e.target.matches("select, input[type=radio], input[type=checkbox]")) form.requestSubmit();
  });
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
  // One open panel at a time; Escape or a click elsewhere closes it.
  const panels = [...form.querySelectorAll("details")];
  const close = except => panels.forEach(p => { if (p !== except) p.open = false; });
  panels.forEach(p => p.addEventListener("toggle", () => { if (p.open) close(p); }));
  document.addEventListener("click", e => { if (!form.contains(e.target)) close(); });
  form.addEventListener("keydown", e => {
    const open = e.key === "Escape" && e.target.closest("details[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });
}
