// Who signs out of a phone leaves nothing behind, and loses nothing unasked: what was written in the field and not sent yet is named first.
import ask from "./dialog.js";
import { entries, waits, wipe } from "./field-store.js";

const words = document.documentElement.lang === "en"
  ? { question: n => n === 1 ? "1 entry on this device was not sent yet. Signing out deletes it." : `${n} entries on this device were not sent yet. Signing out deletes them.`, send: "Stay and send", leave: "Delete and sign out" }
  : { question: n => `Còn ${n} mục trên máy này chưa gửi. Đăng xuất sẽ xóa.`, send: "Ở lại để gửi", leave: "Xóa và đăng xuất" };

export default async function leave(form) {
  const left = (await entries().catch(() => [])).filter(waits);
  if (left.length && await ask(words.question(left.length), [["", words.send, "primary"], ["leave", words.leave, "danger"]]) !== "leave") {
    const page = (document.documentElement.lang === "en" ? "/en" : "") + (left[0].to ?? "/quan-ly/nhat-ky");
    if (location.pathname !== page) location.assign(page);
    return;
  }
  await wipe().catch(() => { /* the server asks the browser for the same */ });
  form.requestSubmit();
}
