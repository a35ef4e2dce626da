// [data-preview=form]: shows again what a form would make, a moment after something in it was typed. Without script its button does it.
export default function preview(part) {
  const form = document.getElementById(part.dataset.preview);
  const button = form.querySelector("button[formaction]");
  let timer, last = 0;
  const look = async () => {
    const asked = ++last;
    const body = new FormData(form);
    const answer = await fetch(button.formAction, { method: "POST", body }).catch(() => null);
    const page = answer && (answer.ok || answer.status === 422) && new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page && page.getElementById(part.id);
    if (now && asked === last) part.replaceChildren(...now.childNodes);
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 500); });
}
