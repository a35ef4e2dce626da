// [data-enhance=specimen], on the page of the components: the dialog that asks first, as it is made, standing in the text.
import { dialogOf } from "./dialog.js";
import { answers } from "./ask-first.js";

export default function show(place) {
  const dialog = dialogOf(place.dataset.question, answers(place.dataset.yes));
  dialog.className = "specimen";
  dialog.open = true;
  place.append(dialog);
}
