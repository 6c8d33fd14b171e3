// Where websockets are blocked, the page asks for what it lacks.

import "../live/socket.js";

const PATIENCE_MS = 4000; // After that time without a websocket the page asks, again and again.
const EVERY_MS = 2000;
const address = document.querySelector("[data-changes]").dataset.changes;

let timer = 0;
let isLost = false;

async function ask() {
  if (!isLost) return;
  try {
    const answer = await fetch(`${address}&state=${encodeURIComponent(JSON.stringify(state()))}`);
    if (answer.status === 200) dispatch("tutor:message", { message: await answer.text() });
    if (answer.ok) dispatch("tutor:line", { part: "socket", lost: false });
  } catch {
    // It asks again.
  }
  timer = setTimeout(ask, EVERY_MS);
}

function dispatch(what, detail) {
  document.dispatchEvent(new CustomEvent(what, { detail }));
  return detail;
}

// The listener of socket.js adds the state of the page.
function state() {
  return dispatch("tutor:state", {}).state;
}

function lose() {
  if (isLost) return;
  isLost = true;
  clearTimeout(timer);
  timer = setTimeout(ask, PATIENCE_MS);
}

document.addEventListener("htmx:wsOpen", () => {
  isLost = false;
  clearTimeout(timer);
});
document.addEventListener("htmx:wsClose", lose);
document.addEventListener("htmx:wsError", lose);
