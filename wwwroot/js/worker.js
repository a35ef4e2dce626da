// Pages visited at a label stay readable without signal (sw.js). Nothing depends on it, so it waits until the page is there.
const register = () => navigator.serviceWorker.register("/sw.js").catch(() => {});

if (navigator.serviceWorker) document.readyState === "complete" ? register() : addEventListener("load", register);
