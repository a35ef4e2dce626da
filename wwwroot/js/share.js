// Ways to hand the page on that this browser has; in-app browsers often have none, and then the plain link stays alone.
export default function share(root) {
  const { address, title } = root.dataset;
  const [copy, send] = ["copy", "send"].map(what => root.querySelector(`[data-share=${what}]`));
  const said = root.querySelector("[role=status]");

  if (copy && navigator.clipboard?.writeText) {
    const words = copy.textContent;
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(address);
        said.textContent = copy.textContent = copy.dataset.done;
        setTimeout(() => { copy.textContent = words; said.textContent = ""; }, 4000);
      } catch {
        copy.hidden = true;
      }
    });
  }
  if (send && navigator.share) {
    send.hidden = false;
    send.addEventListener("click", () => navigator.share({ title, url: address }).catch(() => {}));
  }
}
