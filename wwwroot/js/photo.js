// input[type=file][data-enhance=photo]: shows the chosen pictures before they are sent, says at once what will be refused, and makes
// what a phone's camera took small enough for a slow line. Where a browser cannot, the picture is sent as it is.
const limit = 10 * 1024 * 1024;
const longest = 1600;
const words = document.documentElement.lang === "en"
  ? { size: "larger than 10 MB", kind: "is not JPEG, PNG or WebP" }
  : { size: "lớn hơn 10 MB", kind: "không phải JPEG, PNG hoặc WebP" };
const picture = file => /^image\/(jpeg|png|webp)$/.test(file.type);

export default function photo(input) {
  const list = document.createElement("div");
  list.className = "previews";
  list.setAttribute("aria-live", "polite");
  input.after(list);
  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    list.replaceChildren(...chosen.map(preview));
    const small = await Promise.all(chosen.map(shrink));
    // Somebody may have chosen others, or sent them, meanwhile.
    if (small.every((file, i) => file === chosen[i]) || chosen.some((file, i) => file !== input.files[i])) return;
    const files = new DataTransfer();
    for (const file of small) files.items.add(file);
    input.files = files.files;
    list.replaceChildren(...small.map(preview));
  });
}

export async function shrink(file) {
  if (!picture(file) || file.size < 400 * 1024) return file;
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(image.width, image.height));
    const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
    return blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

function preview(file) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const wrong = !picture(file) ? words.kind : file.size > limit ? words.size : "";
  caption.textContent = wrong ? `${file.name}: ${wrong}` : `${file.name} (${(file.size / 1048576).toFixed(1).replace(".", ",")} MB)`;
  if (wrong) {
    caption.className = "field__error";
  } else {
    const image = new Image();
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.onload = () => URL.revokeObjectURL(image.src);
    figure.append(image);
  }
  figure.append(caption);
  return figure;
}
