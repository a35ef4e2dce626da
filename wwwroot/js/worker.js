// Pages visited at a label stay readable without signal (sw.js). Nothing depends on it, so it waits until the page is there.
const register = () => navigator.serviceWorker.register("/sw.js").catch(() => {});

if (navigator.serviceWorker) document.readyState === "complete" ? register() : addEventListener("load", register);

// The page of a lot is true of the moment at which the server made it, which it says at its end. Where the line goes, or Back brings up what was read before, it says so
// as a page does that sw.js has kept; with a line it is read again. Whether there is one is asked for: browsers only guess.
const page = document.documentElement;
const kept = document.querySelector("[data-kept]");

if (kept || page.classList.contains("kept")) {
  const old = () => {
    if (kept) kept.textContent = [...document.querySelectorAll("time")].at(-1).textContent;
    page.classList.add("kept");
  };
  const again = () => fetch("/img/icon.svg", { method: "HEAD", cache: "no-store" }).then(() => location.reload(), () => {});
  const back = () => { old(); again(); };
  addEventListener("offline", old);
  addEventListener("online", again);
  addEventListener("pageshow", e => e.persisted && back());
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") back();
}
