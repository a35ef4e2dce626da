// button[data-ask="Question"]: asks in a dialog before money, recall or deletion. Without script, or without dialogs, the server asks on a page.
import ask from "./dialog.js";

const english = document.documentElement.lang === "en";

export const answers = yes => [["yes", yes, "danger"], ["", english ? "No, go back" : "Thôi, quay lại", "quiet"]];

export default function askFirst(button) {
  if (!("showModal" in HTMLDialogElement.prototype)) return;
  button.addEventListener("click", async e => {
    e.preventDefault();
    const answer = await ask(button.dataset.ask, answers(button.textContent.trim()));
    button.focus();
    if (answer !== "yes") return;
    button.form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "_yes", value: "1" }));
    button.form.requestSubmit(button);
  }, { capture: true });
}
