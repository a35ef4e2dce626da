// The dialog of a question. answers: [value, label, kind of button], in their order.
export function dialogOf(text, answers) {
  const dialog = document.createElement("dialog");
  const question = Object.assign(document.createElement("h2"), { textContent: text, id: `dialog-question-${document.querySelectorAll("dialog").length}` });
  const form = Object.assign(document.createElement("form"), { method: "dialog", className: "cluster" });
  form.append(...answers.map(([value, label, kind]) => Object.assign(document.createElement("button"), { className: `button button--${kind}`, value, textContent: label })));
  dialog.append(question, form);
  dialog.setAttribute("aria-labelledby", question.id);
  return dialog;
}

// A question over the page, answered by the value of the button that was pressed; "" when it was closed otherwise.
export default function ask(text, answers) {
  const dialog = dialogOf(text, answers);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(done => dialog.addEventListener("close", () => { dialog.remove(); done(dialog.returnValue); }));
}
