// The commands of a presenter. One is sent at a time: what is pressed meanwhile is kept, and sent once the page shows what came of
// the one before.

import { send } from "./sending.js";

const MOST_KEPT = 5;
const PATIENCE_MS = 3000; // After that time the page is loaded again: its websocket may be blocked.
const form = document.querySelector("[data-commands]");
const refused = document.getElementById("refused");

let isSending = false;
let awaited = 0; // The number of the last command of this page.
let kept = []; // Functions that press what was pressed.
let timer = 0;

const shows = () => Number(form.querySelector("[name='saw']")?.value ?? awaited);
const isBusy = () => isSending || shows() < awaited;
const key = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function command(what) {
  const body = new URLSearchParams(new FormData(form));
  body.set("do", what);
  body.set("key", key());
  isSending = true;
  form.setAttribute("aria-busy", "true");
  const { ok, status, text, to } = await send(form.getAttribute("action"), body);
  if (to) return location.assign(to);
  if (status === 404) return location.reload(); // The class has another secret address by now.
  isSending = false;
  form.removeAttribute("aria-busy");
  refused.innerHTML = ok ? "" : text;
  if (ok) done(Number(text));
  else kept = [];
}

function done(number) {
  awaited = number;
  clearTimeout(timer);
  timer = setTimeout(() => shows() < awaited && location.reload(), PATIENCE_MS);
  goOn();
}

function goOn() {
  if (!isBusy() && kept.length) kept.shift()();
}

function press(button) {
  if (!button || button.disabled) return;
  const { key: name, confirm: question } = button.dataset;
  if (isBusy()) {
    const again = name ? () => pressKey(name) : () => command(button.value);
    if (kept.length < MOST_KEPT && !question) kept.push(again);
  } else if (!question || confirm(question)) {
    command(button.value);
    button.closest("[data-menu]")?.removeAttribute("open");
  }
}

export function pressKey(name) {
  press(form.querySelector(`[data-key="${name}"]`));
}

export function go(step) {
  if (!isBusy()) command(`go ${step}`);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  press(event.submitter);
});
document.addEventListener("tutor:shown", ({ target }) => target.id === "room" && goOn());
