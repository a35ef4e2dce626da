// The strip scrolls by itself and the small pictures are links; this keeps the page where it is and marks the picture in sight.
export default function gallery(root) {
  const strip = root.querySelector(".gallery__strip");
  const links = [...root.querySelectorAll(".gallery__thumbs a")];
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  for (const link of links) {
    link.addEventListener("click", event => {
      event.preventDefault();
      strip.scrollTo({ left: strip.children[links.indexOf(link)].offsetLeft - strip.offsetLeft, behavior: still.matches ? "auto" : "smooth" });
    });
  }
  const seen = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      links.forEach((link, i) => strip.children[i] === target ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"));
    }
  }, { root: strip, threshold: 0.6 });
  [...strip.children].forEach(picture => seen.observe(picture));
}
