// A response that was requested before the latest message of the websocket may have an older state of the run than the page.
// The page then requests its step once more.

let made = 0;
let ended = false;

document.addEventListener("tutor:shown", (event) => {
  if (event.target.id !== "walk-nav") return;
  const nav = event.target.dataset;
  if (Number(nav.made) < made || (ended && !("ended" in nav))) {
    event.target.dispatchEvent(new CustomEvent("tutor:outdated", { bubbles: true }));
    return;
  }
  made = Number(nav.made);
  ended = "ended" in nav;
});
