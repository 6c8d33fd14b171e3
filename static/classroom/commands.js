// The commands of a presenter. One is sent at a time; presses of "next" and "previous" meanwhile are kept, and sent once the page
// shows what came of the one before.

import { send } from "./sending.js";

const MOST_KEPT = 5;
const form = document.querySelector("[data-commands]");
const refused = document.getElementById("refused");

let isSending = false;
let kept = [];

const key = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function command(what) {
  const body = new URLSearchParams(new FormData(form));
  body.set("do", what);
  body.set("key", key());
  isSending = true;
  form.setAttribute("aria-busy", "true");
  const { ok, text, to } = await send(form.getAttribute("action"), body);
  if (to) return location.assign(to);
  isSending = false;
  form.removeAttribute("aria-busy");
  refused.innerHTML = ok ? "" : text;
  if (!ok) kept = [];
  else for (const menu of document.querySelectorAll("[data-menu][open]")) menu.open = false;
}

function press(button) {
  if (!button || button.disabled) return;
  if (isSending) {
    if (button.dataset.key && kept.length < MOST_KEPT) kept.push(button.dataset.key);
    return;
  }
  if (button.dataset.confirm && !confirm(button.dataset.confirm)) return;
  command(button.value);
}

export function pressKey(name) {
  press(form.querySelector(`[data-key="${name}"]`));
}

export function go(step) {
  if (!isSending) command(`go ${step}`);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  press(event.submitter);
});
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id === "room" && !isSending && kept.length) pressKey(kept.shift());
});
