// [data-follow=open]: looks again how far long work has come, gently and only while somebody looks; shows the result when it is there.
// Without script a link does it.
export default function follow(part) {
  let pause = 1000;
  const look = async () => {
    if (!document.hidden) {
      const answer = await fetch(location.href).catch(() => null);
      const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page && page.getElementById(part.id);
      if (now && now.dataset.follow !== "open") return location.reload();
      if (now) part.querySelector(".progress").replaceWith(now.querySelector(".progress"));
    }
    pause = Math.min(pause * 1.3, 10000);
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}
