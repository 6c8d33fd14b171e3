// The page's address has the step. A step by hand can be gone back to; one that is played or followed replaces the last.

const player = document.querySelector("[data-player]");

function of(step) {
  const address = new URL(location.href);
  address.searchParams.set("step", step);
  address.hash = "";
  return address;
}

document.addEventListener("tutor:gone", ({ detail: { step, by } }) => {
  if (by === "hand") history.pushState(null, "", of(step));
  if (by === "play") history.replaceState(null, "", of(step));
});

// A step that the websocket has sent.
document.addEventListener("htmx:load", ({ target }) => {
  if (target.id !== "stage" || player.hasAttribute("aria-busy")) return;
  if (of(target.dataset.step).search !== location.search) history.replaceState(null, "", of(target.dataset.step));
});

// Going back shows a step where the page is scrolled to; only a page that is loaded again is scrolled to where it was.
history.scrollRestoration = "manual";
addEventListener("pagehide", () => (history.scrollRestoration = "auto"));
addEventListener("pageshow", () => (history.scrollRestoration = "manual"));

addEventListener("popstate", () => {
  const step = Number(new URL(location.href).searchParams.get("step") ?? 1);
  player.dispatchEvent(new CustomEvent("tutor:go", { bubbles: true, detail: { step, by: "history" } }));
});
