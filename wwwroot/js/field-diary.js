// What an entry of the diary is made of, for the page that keeps it without signal (field.js).
const words = document.documentElement.lang === "en"
  ? {
    lot: "Choose a lot.", kind: "Choose what was done.", input: "Choose the input or write its name.", interval: "Write the pre-harvest interval printed on the label, in days.",
    area: "Choose the growing area: a spraying in the diary of another lot of the same field counts for this lot too.",
    label: "Take a photo of the label: the interval has to come from it.", blocked: "The lot is blocked from sale; see why",
    harvest: day => `Earliest harvest: ${day}`, late: (harvested, day) => `This lot was harvested by ${harvested}, the spraying is dated ${day}. If that is right, press the button once more.`,
    short: (usual, said) => `Usually ${usual} days by the reference list; your label says ${said}. If the label says so, press the button once more.`,
    early: first => `Sooner than the pre-harvest interval: earliest harvest ${first}. The lot will be blocked from sale. If the day is right, press the button once more.`,
  }
  : {
    lot: "Hãy chọn lô.", kind: "Hãy chọn việc đã làm.", input: "Hãy chọn thuốc, phân bón hoặc ghi tên.", interval: "Hãy ghi thời gian cách ly in trên nhãn thuốc, tính bằng ngày.",
    area: "Hãy chọn vùng trồng: lần phun thuốc ghi ở lô khác của cùng ruộng cũng tính cho lô này.",
    label: "Hãy chụp nhãn thuốc: số ngày cách ly phải lấy từ nhãn.", blocked: "Lô bị chặn bán; xem lý do",
    harvest: day => `Thu hoạch sớm nhất: ${day}`, late: (harvested, day) => `Lô này đã thu hoạch xong ngày ${harvested}, lần phun ghi ngày ${day}. Nếu đúng, hãy bấm nút ghi lần nữa.`,
    short: (usual, said) => `Thường cách ly ${usual} ngày theo danh mục; nhãn của bạn nói ${said}. Nếu nhãn ghi đúng như vậy, hãy bấm nút ghi lần nữa.`,
    early: first => `Sớm hơn thời gian cách ly: thu hoạch sớm nhất là ${first}. Ghi thì lô bị chặn bán. Nếu ngày này đúng, hãy bấm nút ghi lần nữa.`,
  };
const chosen = form => form.querySelector("[name=Kind]:checked");

// The first day after the interval, where it was written as a plain number of days.
function harvestFrom(entry) {
  const of = name => entry.values.find(([n]) => n === name)?.[1] ?? "";
  const days = of("Kind") === "spraying" && !of("NoLabel") && /^(\d{1,3})( ng\u00e0y| days?)?$/.exec(of("IntervalDays"))?.[1];
  if (!days) return null;
  const [d, m, y] = entry.doneOn.split("/");
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC" }).format(Date.UTC(+y, m - 1, +d + +days));
}

export default {
  to: "/quan-ly/nhat-ky",
  asked: "lo",
  subject: "Lot",
  rest: "Note",
  days: ["DoneOn"],
  again: true,
  noSubject: words.lot,

  fault({ form, control, files, value, has }) {
    const spraying = chosen(form)?.value === "spraying";
    if (!chosen(form)) return ["Kind", words.kind];
    if (/^(spraying|harvest)$/.test(chosen(form).value) && JSON.parse(form.dataset.placeless ?? "[]").includes(value("Lot")) && control("GrowingArea") && !value("GrowingArea")) return ["GrowingArea", words.area];
    if (spraying && !value("InputCode") && !value("InputName")) return ["InputCode", words.input];
    if (spraying && !control("NoLabel").checked && !value("IntervalDays")) return ["IntervalDays", words.interval];
    if (spraying && !control("NoLabel").checked && !has.proof && !files("LabelPhoto").length) return ["LabelPhoto", words.label];
  },

  doubts({ form, subject, date, sortable }) {
    const found = [];
    const first = chosen(form).value === "harvest" && JSON.parse(form.dataset.waits ?? "{}")[subject];
    if (first && sortable(date) < sortable(first)) found.push(["DoneOn", words.early(first)]);
    const harvested = chosen(form).value === "spraying" && JSON.parse(form.dataset.harvests)[subject];
    if (harvested && sortable(harvested) < sortable(date)) found.push(["DoneOn", words.late(harvested, date)]);
    // A default may warn, never clear: what the label says counts.
    const usual = chosen(form).value === "spraying" && JSON.parse(form.dataset.usual ?? "{}")[form.querySelector("[name=InputCode]").value];
    const said = /^\d+/.exec(form.querySelector("[name=IntervalDays]").value.trim())?.[0];
    if (usual && said && +said < usual && !form.querySelector("[name=NoLabel]:not([type=hidden])").checked) found.push(["IntervalDays", words.short(usual, said)]);
    return found;
  },

  note(entry) {
    const first = entry.harvestFrom ?? harvestFrom(entry);
    return first && !entry.blocked && entry.state !== "refused" ? words.harvest(first) : null;
  },

  pictures: form => chosen(form).value === "spraying" ? ["LabelPhoto", "Photos"] : ["Photos"],
  proof: "LabelPhoto",
  title: form => chosen(form).labels[0].textContent.trim(),
  about: lots => lots.selectedOptions[0].textContent.trim(),
  body: ({ subject, writtenAt, photos, fields }) => ({ lot: subject, writtenAt, photos: photos.filter(p => !p.label).map(p => p.id), labelPhoto: photos.find(p => p.label)?.id, entry: fields }),

  // The photo of a label proves the interval: before it has come nothing is decided.
  link: entry => entry.blocked && !entry.photos.length ? [words.blocked, `/quan-ly/lo/${entry.lot}`] : null,
};
