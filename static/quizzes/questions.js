// The questions of the page, which htmx sends. What this browser has answered is its own, and no step brings it: a part that is
// its own is kept here while no place is open for it in the stage.

import "./order.js";
import "./repair.js";

const own = new Map([...document.querySelectorAll("[data-own]")].map((part) => [part.id, part]));
for (const later of document.querySelectorAll("template[data-own-of]")) {
  own.set(later.dataset.ownOf, later.content.firstElementChild);
}

document.addEventListener("tutor:shown", ({ target }) => {
  for (const place of target.querySelectorAll("[data-own]")) {
    const part = own.get(place.id);
    if (!part || place === part) continue;
    place.replaceWith(part);
    window.htmx?.process(part);
  }
});

// What the question says is seen. The focus stays in it, even if its answer leaves no button.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  const verdict = target.closest(".question")?.querySelector(".verdict");
  if (!verdict) return;
  if (document.activeElement === document.body) verdict.focus({ preventScroll: true });
  verdict.scrollIntoView({ block: "nearest" });
});

// A response that the question can't show is explained by the page, or made up for by loading it. If the site is away, the answer
// is sent once more (../live/resend.js).
const UNREACHABLE = [502, 503, 504];
document.addEventListener("htmx:responseError", ({ target, detail }) => {
  if (target.closest(".question") && !UNREACHABLE.includes(detail.xhr.status)) location.reload();
});
