// data-confirm="Question" on a form or a button: asks once before money, recall or deletion.
export default function confirmFirst(element) {
  const event = element.tagName === "FORM" ? "submit" : "click";
  element.addEventListener(event, e => {
    if (!window.confirm(element.dataset.confirm)) e.preventDefault();
  });
}
