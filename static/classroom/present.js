// The stage of a class on the wall. Keys and a clicker move it unless somebody types or a menu is open, so that nothing is pressed by
// accident.

import "../styles/parts/changes.js";
import "../live/socket.js";
import "../live/connection.js";
import "../styles/parts/shown.js";
import "../styles/parts/link.js";
import "../styles/parts/flow.js";
import "../styles/parts/follow.js";
import "../styles/parts/claim_card.js";
import "../styles/parts/menu.js";
import { go, pressKey } from "./commands.js";

const KEYS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous" };
const style = document.getElementById("room").dataset.style;

function isTaken() {
  return document.activeElement?.closest("input, select, textarea") || document.querySelector("[data-menu][open]");
}

// The address of the wall is that of the page, whatever name the site has there.
function showHost() {
  for (const each of document.querySelectorAll("[data-host]")) each.textContent = `${location.host}/join`;
}

document.addEventListener("keydown", (event) => {
  const what = KEYS[event.key];
  if (!what || event.ctrlKey || event.altKey || event.metaKey || isTaken()) return;
  event.preventDefault();
  if (!event.repeat) pressKey(what);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-walk]");
  if (!link) return;
  event.preventDefault();
  go(new URL(link.getAttribute("href"), location.href).searchParams.get("step"));
});
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id !== "room") return;
  if (target.dataset.style !== style) location.reload();
  showHost();
});
showHost();
