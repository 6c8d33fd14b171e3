// An answer that was on its way while the socket told of more is behind what the page knew: it is asked for again.

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
