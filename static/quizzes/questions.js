// The questions of the page, which htmx sends. What this browser has answered is its own, and no step brings it: the question to
// the class is kept here while no place is open for it in the stage.

import "./order.js";
import "./repair.js";

const ID = "class-question";
const later = document.querySelector(`template[data-own-of="${ID}"]`);
const own = document.getElementById(ID) ?? later?.content.firstElementChild;

document.addEventListener("tutor:shown", ({ target }) => {
  const place = target.querySelector(`#${ID}`);
  if (!own || !place || place === own) return;
  place.replaceWith(own);
  window.htmx?.process(own);
});

// What the question says is seen. The focus stays in it, even if its answer leaves no button.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  const verdict = target.closest(".question")?.querySelector(".verdict");
  if (!verdict) return;
  if (document.activeElement === document.body) verdict.focus({ preventScroll: true });
  verdict.scrollIntoView({ block: "nearest" });
});

// A response that the question can't show is explained by the page, or made up for by loading it.
document.addEventListener("htmx:responseError", ({ target }) => target.closest(".question") && location.reload());
