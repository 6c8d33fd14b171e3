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
const { style } = document.getElementById("room").dataset;
const follows = () => player.dataset.follow === "true";

let { run } = document.getElementById("room").dataset;
let called = calls();

function show() {
  back.hidden = follows();
  around.hidden = !follows();
  const isAsked = document.getElementById("room").dataset.asked?.endsWith("/open");
  if (follows()) hint.textContent = "Your screen goes on with the class.";
  else hint.textContent = isAsked ? "Your teacher has asked a question." : "The class goes on while you look around.";
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
  follow(true);
  scrollTo(0, 0);
  renew();
});
document.addEventListener("keydown", ({ key, target }) => {
  if (key === "Escape" && !follows() && !target.closest("input, textarea, dialog")) back.click();
});
show();
