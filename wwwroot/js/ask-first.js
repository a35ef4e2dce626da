// button[data-ask="Question"]: asks in a dialog before money, recall or deletion. Without script, or without dialogs, the server asks on a page.
const english = document.documentElement.lang === "en";

export default function askFirst(button) {
  if (!("showModal" in HTMLDialogElement.prototype)) return;
  button.addEventListener("click", e => {
    e.preventDefault();
    const dialog = document.createElement("dialog");
    const question = Object.assign(document.createElement("h2"), { textContent: button.dataset.ask, id: "dialog-question" });
    const choices = Object.assign(document.createElement("form"), { method: "dialog", className: "cluster" });
    const yes = Object.assign(document.createElement("button"), { className: "button button--danger", value: "yes", textContent: button.textContent.trim() });
    const no = Object.assign(document.createElement("button"), { className: "button button--quiet", value: "", textContent: english ? "No, go back" : "Thôi, quay lại" });
    choices.append(yes, no);
    dialog.append(question, choices);
    dialog.setAttribute("aria-labelledby", question.id);
    dialog.addEventListener("close", () => {
      dialog.remove();
      button.focus();
      if (dialog.returnValue !== "yes") return;
      button.form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "_yes", value: "1" }));
      button.form.requestSubmit(button);
    });
    document.body.append(dialog);
    dialog.showModal();
  }, { capture: true });
}
