// select[data-enhance=province]: asks the same form for the communes of the province chosen, without leaving the page; the fee and the
// day of delivery ([data-refresh]) come with them. Without script the button beside it does this.
export default function province(select) {
  const { form } = select;
  const button = form.querySelector("button[name=buoc][value=tinh]");
  const communes = form.querySelector("select[autocomplete=address-level2]");
  if (!button || !communes) return;
  select.addEventListener("change", async () => {
    const body = new FormData(form);
    body.set(button.name, button.value);
    communes.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      communes.replaceChildren(...page.getElementById(communes.id).childNodes);
      for (const old of document.querySelectorAll("[data-refresh]")) old.replaceWith(page.getElementById(old.id));
      communes.disabled = false;
      communes.dispatchEvent(new Event("refill"));
    } catch {
      button.classList.add("without-script--shown");
      communes.disabled = false;
    }
  });
  // Chosen while this script was still on its way.
  const sent = [...select.options].find(o => o.defaultSelected) ?? select.options[0];
  if (sent && select.value !== sent.value) select.dispatchEvent(new Event("change"));
}
