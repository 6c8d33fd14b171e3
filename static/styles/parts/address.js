// The page's address has the step, and the line if there is one. A step by hand can be gone back to; one that is played or
// followed, or made by a key that is held down, replaces the last.

const REST_MS = 200;
const player = document.querySelector("[data-player]");

function of(step, line) {
  const address = new URL(location.href);
  address.searchParams.set("step", step);
  if (Number(line)) address.searchParams.set("line", line);
  else address.searchParams.delete("line");
  address.hash = "";
  return address;
}

let timer = 0;

// Browsers ignore the changes of an address that changes too often: Chromium more than 200 within 10 seconds.
function atRest(address) {
  clearTimeout(timer);
  timer = setTimeout(() => history.replaceState(null, "", address), REST_MS);
}

document.addEventListener("tutor:gone", ({ detail: { step, line, by } }) => {
  clearTimeout(timer);
  if (by === "hand") history.pushState(null, "", of(step, line));
  if (by === "play") history.replaceState(null, "", of(step, line));
  if (by === "hold") atRest(of(step, line));
});

// A step that the websocket has sent.
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id !== "stage" || player.hasAttribute("aria-busy")) return;
  const address = of(target.dataset.step, target.dataset.line);
  if (address.search !== location.search) atRest(address);
});

// An address may ask for a step that the run doesn't have.
const asked = new URL(location.href).searchParams.get("step");
const { step: shown, line: at } = document.getElementById("stage").dataset;
if (asked !== null && shown !== undefined && asked !== shown) history.replaceState(null, "", of(shown, at));

// Going back shows a step where the page is scrolled to; only a page that is loaded again is scrolled to where it was.
history.scrollRestoration = "manual";
addEventListener("pagehide", () => (history.scrollRestoration = "auto"));
addEventListener("pageshow", () => (history.scrollRestoration = "manual"));

addEventListener("popstate", () => {
  clearTimeout(timer);
  const parameters = new URL(location.href).searchParams;
  const [step, line] = [Number(parameters.get("step") ?? 1), Number(parameters.get("line"))];
  player.dispatchEvent(new CustomEvent("tutor:go", { bubbles: true, detail: { step, line, by: "history" } }));
});
