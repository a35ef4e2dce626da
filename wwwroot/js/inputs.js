// select[data-enhance=inputs]: the kind of work that is chosen puts its inputs first, plant protection or fertilisers. What may not be used stays last.
export default function inputs(select) {
  const [protection, fertilisers] = select.querySelectorAll("optgroup");
  const { form } = select;
  if (!fertilisers) return;
  const suit = () => {
    const kind = form.querySelector("input[name=Kind]:checked, select[name=Kind]")?.value;
    const { value } = select;
    if (kind === "fertilising") protection.before(fertilisers);
    else fertilisers.before(protection);
    select.value = value;
  };
  form.addEventListener("change", e => e.target.name === "Kind" && suit());
  suit();
}
