// input[data-echo]: reads back in words what is being typed (money, weights, areas, days), as the server understands it. Days get a calendar to pick from.
const english = document.documentElement.lang === "en";

export default function echo(input) {
  const line = document.getElementById(`${input.id}-echo`);
  const { perFrom, gramsFrom } = input.dataset;
  const weighed = gramsFrom && input.form.querySelector(`[name="${gramsFrom}"]`);
  let timer;
  const per = () => {
    const chosen = perFrom && input.form.querySelector(`[name="${perFrom}"]:checked`);
    return chosen ? chosen.labels[0].textContent.trim() : input.dataset.per ?? "";
  };
  // What is sold by the kilogram has no other weight, whatever stands in the field.
  const weight = () => weighed && input.form.querySelector(`[name="${perFrom}"]:checked`)?.value !== "kg" ? { nang: weighed.value } : { gam: weighed ? "" : input.dataset.grams ?? "" };
  const ask = async () => {
    const typed = input.value;
    const answer = typed.trim() && await fetch(`${english ? "/en" : ""}/doc-lai?${new URLSearchParams({ loai: input.dataset.echo, chu: typed, moi: per(), ...weight() })}`).catch(() => null);
    if (input.value === typed) line.textContent = answer?.ok ? await answer.text() : "";
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 300); });
  // A form that begins anew has other values, told by no event of their own.
  input.form?.addEventListener("reset", () => setTimeout(ask));
  weighed?.addEventListener("change", ask);
  if (perFrom) input.form.addEventListener("change", e => { if (e.target.name === perFrom) ask(); });
  if (input.dataset.unitFrom) counted(input);
  if (input.dataset.echo === "date" && "showPicker" in input) calendar(input);
}

// What a plain number counts is said by the choice of another field.
function counted(input) {
  const [from, unit] = [input.form.elements[input.dataset.unitFrom], input.nextElementSibling];
  const say = () => unit.textContent = from.selectedOptions[0]?.dataset.unit ?? "";
  unit.classList.remove("awaits");
  from.addEventListener("change", say);
  say();
}

function calendar(input) {
  const button = input.nextElementSibling;
  const picker = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1 });
  picker.setAttribute("aria-hidden", "true");
  button.after(picker);
  button.classList.remove("awaits");
  button.addEventListener("click", () => {
    const [day, month, year] = input.value.split("/");
    picker.value = year?.length === 4 ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
    picker.showPicker();
  });
  picker.addEventListener("change", () => {
    if (!picker.value) return;
    input.value = picker.value.split("-").reverse().join("/");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  });
}
