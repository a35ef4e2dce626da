// Who signs out of a phone leaves nothing behind, and loses nothing unasked: what was written in the field and not sent yet is named first.
import { entries, waits, wipe } from "./field-store.js";

const words = document.documentElement.lang === "en"
  ? { question: n => n === 1 ? "1 entry on this device was not sent yet. Signing out deletes it." : `${n} entries on this device were not sent yet. Signing out deletes them.`, send: "Stay and send", leave: "Delete and sign out" }
  : { question: n => `Còn ${n} mục trên máy này chưa gửi. Đăng xuất sẽ xóa.`, send: "Ở lại để gửi", leave: "Xóa và đăng xuất" };

export default async function leave(form) {
  const left = (await entries().catch(() => [])).filter(waits);
  if (left.length && await ask(left.length) !== "leave") {
    const page = (document.documentElement.lang === "en" ? "/en" : "") + (left[0].to ?? "/quan-ly/nhat-ky");
    if (location.pathname !== page) location.assign(page);
    return;
  }
  await wipe().catch(() => { /* the server asks the browser for the same */ });
  form.requestSubmit();
}

function ask(left) {
  const dialog = document.createElement("dialog");
  const question = Object.assign(document.createElement("h2"), { textContent: words.question(left), id: "dialog-question" });
  const choices = Object.assign(document.createElement("form"), { method: "dialog", className: "cluster" });
  choices.append(Object.assign(document.createElement("button"), { className: "button button--primary", value: "", textContent: words.send }),
    Object.assign(document.createElement("button"), { className: "button button--danger", value: "leave", textContent: words.leave }));
  dialog.append(question, choices);
  dialog.setAttribute("aria-labelledby", question.id);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(done => dialog.addEventListener("close", () => { dialog.remove(); done(dialog.returnValue); }));
}
