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
import "./offline.js";

const player = document.querySelector("[data-player]");
const back = document.querySelector("[data-back]");
const around = document.querySelector("[data-around]");
const hint = document.querySelector("[data-hint]");
const { style, chosen } = player.dataset; // The style of this page, and whether it was chosen here.
const follows = () => player.dataset.follow === "true";

let { run } = document.getElementById("room").dataset;
let called = calls();

function show() {
  back.hidden = follows() && !chosen;
  around.hidden = !follows();
  const isAsked = document.getElementById("room").dataset.asked?.endsWith("/open");
  if (follows()) hint.textContent = chosen ? "Your screen goes on with the class, in your own view." : "Your screen goes on with the class.";
  else hint.textContent = isAsked ? "Your teacher has asked a question." : "The class goes on while you look around.";
  for (const each of document.querySelectorAll("[data-follow-state] [data-when]"))
    each.hidden = (each.dataset.when === "following") !== follows();
}

function follow(on) {
  player.dataset.follow = String(on);
  show();
  player.dispatchEvent(new CustomEvent("tutor:follow", { bubbles: true }));
}

// The class looks at the run in another style: its page is another one. Who has chosen a style keeps it.
function renew() {
  if (follows() && !chosen && document.getElementById("room").dataset.style !== style) location.reload();
}

// The class has another run: the steps that somebody looked at are those of the one before.
function goAlong() {
  const now = document.getElementById("room").dataset.run;
  if (now !== run && !follows()) follow(true);
  run = now;
}

// What the class is called to do: a round of a question, runs of its own, the exit ticket. It stands on top.
function calls() {
  const { asked = "", invites } = document.getElementById("room").dataset;
  return [asked.split("/", 2), invites, document.getElementById("unclear")?.id].join();
}

function showCall() {
  if (calls() !== called && follows()) scrollTo(0, 0);
  called = calls();
}

document.addEventListener("tutor:gone", () => follow(false));
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id !== "room") return;
  goAlong();
  showCall();
  show();
  renew();
});
around.addEventListener("click", () => follow(false));
back.addEventListener("click", () => {
  if (chosen) return location.assign(location.pathname);
  follow(true);
  scrollTo(0, 0);
  renew();
});
document.addEventListener("keydown", ({ key, target }) => {
  if (key === "Escape" && !back.hidden && !target.closest("input, textarea, dialog, [data-menu]")) back.click();
});
// Who looks around sees the same step in the other style, but only once: a page that is loaded again stands where the class is.
document.addEventListener("click", ({ target }) => {
  const link = target.closest("[data-view]");
  if (!link || follows()) return;
  const address = new URL(link.href);
  address.searchParams.set("step", document.getElementById("stage").dataset.step);
  link.href = address;
});
history.replaceState(null, "", location.pathname + (chosen ? `?style=${chosen}` : ""));
show();
