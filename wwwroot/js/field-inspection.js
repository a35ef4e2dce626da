// What an officer writes down of an inspection, for the page that keeps it without signal (field.js).
const words = document.documentElement.lang === "en"
  ? {
    visit: "Choose an inspection.", label: "Photo of a label", subject: "Write or photograph the code on the label, or write the name of the producer.", checks: "Write what was looked at: at least one item.", finding: "Write what was seen, from 10 to 2,000 characters; everybody can read it.",
    conclusion: "Choose a conclusion.", faulty: "An item has a fault: the conclusion must say so.", again: "The producer has to mend faults: write the day of the next inspection.", later: "The next inspection must come after this one, such as 05/07/2026.", see: n => `See inspection ${n}`,
  }
  : {
    visit: "Hãy chọn lần kiểm tra.", label: "Ảnh chụp tem", subject: "Hãy ghi hoặc chụp mã trên tem, hoặc ghi tên cơ sở.", checks: "Hãy ghi đã xem gì: ít nhất một mục.", finding: "Hãy ghi điều đã thấy, từ 10 đến 2.000 ký tự; mọi người đọc được.",
    conclusion: "Hãy chọn kết luận.", faulty: "Có mục ghi là có lỗi: kết luận phải là có lỗi.", again: "Cơ sở phải sửa lỗi thì cần ngày kiểm tra lại.", later: "Ngày kiểm tra lại phải sau ngày kiểm tra, ví dụ 05/07/2026.", see: n => `Xem lần kiểm tra ${n}`,
  };
const unplanned = "moi";
const checks = form => [...form.querySelectorAll("[name^='Checks[']:checked")];
const concluded = form => form.querySelector("[name=Conclusion]:checked");

export default {
  to: "/so-cong-thuong/kiem-tra/tai-cho",
  asked: "lan",
  subject: "Visit",
  rest: "Finding",
  days: ["DoneOn", "FollowUpOn"],
  // A planned inspection is written down once.
  once: value => value && value !== unplanned,
  noSubject: words.visit,

  // The label's photo says what a visit is about that was not planned: read where there is a signal, before the text is sent.
  code: form => form.querySelector("[name=Visit]").value === unplanned && !form.querySelector("[name=Subject]").value.trim() ? "Label" : null,

  // The page that is kept on the device knows nothing of the lot that it is opened for.
  open(asked, form, visits) {
    if (!asked.get("ma") || visits.value) return;
    visits.value = unplanned;
    form.querySelector("[name=Subject]").value = asked.get("ma");
  },

  fault({ form, value, day, sortable, has }) {
    const again = value("FollowUpOn") && day(value("FollowUpOn"));
    if (value("Visit") === unplanned && !value("Subject") && !has.code && !form.querySelector("[name=Label]").files.length) return ["Subject", words.subject];
    if (!checks(form).some(c => c.value)) return ["Checks[0]", words.checks];
    if (value("Finding").length < 10) return ["Finding", words.finding];
    if (!concluded(form)) return ["Conclusion", words.conclusion];
    if (concluded(form).value === "clear" && checks(form).some(c => c.value === "fault")) return ["Conclusion", words.faulty];
    if (value("FollowUpOn") && (!again || sortable(again) <= sortable(day(value("DoneOn"))))) return ["FollowUpOn", words.later];
    if (concluded(form).value === "mend" && !again) return ["FollowUpOn", words.again];
  },

  pictures: () => ["Photos"],
  title: form => concluded(form).labels[0].textContent.trim(),
  about: (visits, form) => visits.value === unplanned ? form.querySelector("[name=Subject]").value.trim() || words.label : visits.selectedOptions[0].textContent.trim(),
  // The list of checks goes whole: its places name them.
  body: ({ subject, writtenAt, photos, fields, form }) => ({ visit: subject, writtenAt, photos: photos.map(p => p.id), entry: { ...fields, ...Object.fromEntries(checks(form).map(c => [c.name, c.value])) } }),
  link: entry => entry.number ? [words.see(entry.number), `/so-cong-thuong/kiem-tra/${entry.number}`] : null,
};
