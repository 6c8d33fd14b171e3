// A member's page. It follows the class until its step is changed by hand, and goes back to the class by a press.

import "../styles/parts/changes.js";
import "../styles/parts/walk.js";
import "../styles/parts/press.js";
import "../live/connection.js";
import "../styles/parts/shown.js";
import "../styles/parts/link.js";
import "../styles/parts/flow.js";
import "../styles/parts/follow.js";
import "../styles/parts/claim_card.js";
import "../styles/parts/menu.js";
import "./polling.js";
import "./answers.js";

const player = document.querySelector("[data-player]");
const back = document.querySelector("[data-back]");
const style = document.getElementById("room").dataset.style;
const follows = () => player.dataset.follow === "true";

function show() {
  back.hidden = follows();
  for (const each of document.querySelectorAll("[data-follow-state] [data-when]"))
    each.hidden = (each.dataset.when === "following") !== follows();
}

function follow(on) {
  player.dataset.follow = String(on);
  show();
  player.dispatchEvent(new CustomEvent("tutor:follow", { bubbles: true }));
}

// The class looks at the run in another style, or has ended: its page is another one.
function renew() {
  if (follows() && document.getElementById("room").dataset.style !== style) location.reload();
}

document.addEventListener("tutor:gone", () => follow(false));
document.addEventListener("tutor:shown", ({ target }) => target.id === "room" && renew());
back.addEventListener("click", () => {
  follow(true);
  renew();
});
document.addEventListener("keydown", ({ key, target }) => {
  if (key === "Escape" && !follows() && !target.closest("input, textarea, dialog")) back.click();
});
show();
