// input[type=file][data-enhance=photo]: shows the chosen pictures before they are sent, says at once what will be refused, and makes
// what a phone's camera took small enough for a slow line. A camera gives one picture at a time: each is added to those before it.
// Where a browser cannot, the picture is sent as it is.
const limit = 10 * 1024 * 1024;
// As small as a slow line needs, and no softer than that asks for: the longest side, and the quality.
const aim = 300 * 1024;
const steps = [[1600, 0.85], [1600, 0.75], [1600, 0.65], [1600, 0.55], [1280, 0.55], [1024, 0.55], [800, 0.5], [640, 0.4]];
const words = document.documentElement.lang === "en"
  ? { size: "larger than 10 MB", kind: "is not JPEG, PNG or WebP", drop: "Remove", more: "more: " }
  : { size: "lớn hơn 10 MB", kind: "không phải JPEG, PNG hoặc WebP", drop: "Bỏ ảnh", more: "ảnh khác: " };
// So many are shown of those chosen together; the rest is counted.
const shown = 12;
const picture = file => /^image\/(jpeg|png|webp)$/.test(file.type);

export default function photo(input) {
  const list = document.createElement("div");
  list.className = "previews";
  list.setAttribute("aria-live", "polite");
  input.after(list);
  // PictureInput.Camera.
  const camera = input.name.endsWith("Camera");
  let taken = [];
  const show = () => {
    const files = [...input.files], few = camera ? files : files.filter((file, i) => i < shown || wrong(file));
    list.replaceChildren(...few.map(file => preview(file, camera && (() => { taken = taken.filter(f => f !== file); give(taken); show(); input.focus(); }))));
    if (few.length < files.length) list.append(Object.assign(document.createElement("p"), { textContent: words.more + (files.length - few.length) }));
  };
  const give = files => {
    const given = new DataTransfer();
    for (const file of files) given.items.add(file);
    input.files = given.files;
  };
  // A form begun anew has taken none.
  input.form?.addEventListener("reset", () => { taken = []; });
  input.addEventListener("change", async () => {
    if (camera) {
      try {
        taken = [...taken, ...[...input.files].filter(file => !taken.includes(file))];
        give(taken);
      } catch { taken = [...input.files]; }
    }
    const chosen = [...input.files];
    show();
    // One after the other: a phone does not hold many of them drawn.
    const small = [];
    for (const file of chosen) small.push(await shrink(file));
    // Somebody may have chosen others, or sent them, meanwhile.
    if (small.every((file, i) => file === chosen[i]) || chosen.length !== input.files.length || chosen.some((file, i) => file !== input.files[i])) return;
    give(small);
    if (camera) taken = [...input.files];
    show();
  });
}

// Why the server would not take it; empty where nothing is wrong.
export const wrong = file => !picture(file) ? words.kind : file.size > limit ? words.size : "";

// A picture of another kind that this browser can read (HEIC on an iPhone) becomes one that everybody can.
export async function shrink(file) {
  if (picture(file) && file.size <= aim) return file;
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    let blob;
    for (const [longest, quality] of steps) {
      const scale = Math.min(1, longest / Math.max(image.width, image.height));
      const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
      const context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
      if (blob.size <= aim) break;
    }
    image.close();
    return picture(file) && blob.size >= file.size ? file : new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file;
  }
}

function preview(file, drop) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const why = wrong(file);
  caption.textContent = why ? `${file.name}: ${why}` : `${file.name} (${(file.size / 1048576).toFixed(1).replace(".", ",")} MB)`;
  if (why) {
    caption.className = "field__error";
  } else {
    const image = new Image();
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.onload = () => URL.revokeObjectURL(image.src);
    figure.append(image);
  }
  figure.append(caption);
  if (drop) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet", textContent: words.drop });
    button.addEventListener("click", drop);
    figure.append(button);
  }
  return figure;
}
