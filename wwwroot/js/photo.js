// input[type=file][data-enhance=photo]: shows the chosen pictures before they are sent and says at once what will be refused.
const limit = 10 * 1024 * 1024;
const words = document.documentElement.lang === "en"
  ? { size: "larger than 10 MB", kind: "is not JPEG, PNG or WebP" }
  : { size: "lớn hơn 10 MB", kind: "không phải JPEG, PNG hoặc WebP" };

export default function photo(input) {
  const list = document.createElement("div");
  list.className = "previews";
  list.setAttribute("aria-live", "polite");
  input.after(list);
  input.addEventListener("change", () => {
    list.replaceChildren(...[...input.files].map(preview));
  });
}

function preview(file) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const wrong = !/^image\/(jpeg|png|webp)$/.test(file.type) ? words.kind : file.size > limit ? words.size : "";
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
