// A response that was requested before the latest message of the websocket may have an older state of the run than the page.
// The page then requests its step once more.

let made = 0;
let ended = false;

document.addEventListener("htmx:load", (event) => {
  if (event.target.id !== "walk-nav") return;
  const nav = event.target.dataset;
  if (Number(nav.made) < made || (ended && !("ended" in nav))) {
    const address = new URL(location.href);
    address.searchParams.set("step", document.getElementById("stage").dataset.step);
    htmx.ajax("GET", address.pathname + address.search, { target: "body", swap: "none" });
    return;
  }
  made = Number(nav.made);
  ended = "ended" in nav;
});
