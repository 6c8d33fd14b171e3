// The page's address has the step, and the line if there is one. A step by hand can be gone back to; one that is played or followed replaces the last.

const player = document.querySelector("[data-player]");

function of(step, line) {
  const address = new URL(location.href);
  address.searchParams.set("step", step);
  if (Number(line)) address.searchParams.set("line", line);
  else address.searchParams.delete("line");
  address.hash = "";
  return address;
}

document.addEventListener("tutor:gone", ({ detail: { step, line, by } }) => {
  if (by === "hand") history.pushState(null, "", of(step, line));
  if (by === "play") history.replaceState(null, "", of(step, line));
});

// A step that the websocket has sent.
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id !== "stage" || player.hasAttribute("aria-busy")) return;
  const address = of(target.dataset.step, target.dataset.line);
  if (address.search !== location.search) history.replaceState(null, "", address);
});

// Going back shows a step where the page is scrolled to; only a page that is loaded again is scrolled to where it was.
history.scrollRestoration = "manual";
addEventListener("pagehide", () => (history.scrollRestoration = "auto"));
addEventListener("pageshow", () => (history.scrollRestoration = "manual"));

addEventListener("popstate", () => {
  const parameters = new URL(location.href).searchParams;
  const [step, line] = [Number(parameters.get("step") ?? 1), Number(parameters.get("line"))];
  player.dispatchEvent(new CustomEvent("tutor:go", { bubbles: true, detail: { step, line, by: "history" } }));
});
