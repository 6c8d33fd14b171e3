// What a member sends. An answer is kept on this device until the site has acknowledged it, also when the page is closed or loaded
// again meanwhile.

import { send } from "./sending.js";

const form = document.querySelector("[data-answers]");
const told = document.querySelector("[data-said]");
const STORED = `tutor.answer ${location.pathname}`;
const value = (name) => form.querySelector(`[name="${name}"]`)?.value ?? "";
const asked = () => document.getElementById("room").dataset.asked ?? ""; // Question, round and state.
const round = (text) => text.split("/", 2).join("/");

let shown = asked();
let own = form.querySelector("[data-own-option]:not([hidden])")?.dataset.ownOption ?? (told.textContent ? chosen() : null);
let sending = false;
let changed = null; // What is to be sent after what is being sent.

function keep(text) {
  try {
    if (text) localStorage.setItem(STORED, text);
    else localStorage.removeItem(STORED);
  } catch {
    // Without storage, it is kept until the page is left.
  }
}

function kept() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

// The option that is chosen in the form.
function chosen() {
  return form.querySelector("[name='option']:checked")?.value ?? null;
}

// An answer that is changed before it could be sent is sent last, so that it counts.
async function answer(body) {
  keep(body.toString());
  changed = body;
  if (sending) return;
  sending = true;
  let last = {};
  while (changed) {
    const next = changed;
    changed = null;
    last = await send(form.action, next, () => say("Your answer is kept on this device. It is sent as soon as the line is back. You can still change it."));
    if (last.ok && `${next.get("question")}/${next.get("round")}` === round(asked())) own = next.get("option");
  }
  sending = false;
  keep("");
  say(last.text);
  mark();
}

function say(text) {
  told.textContent = text;
}

// Everybody gets the same text of the room: what is this member's own is marked here.
function mark() {
  for (const each of form.querySelectorAll("[data-own-option]")) each.hidden = each.dataset.ownOption !== own;
  const button = form.querySelector("[data-send]");
  if (!button) return;
  button.textContent = own === null ? "Send my answer" : "Change my answer";
  button.classList.toggle("button--primary", own === null);
}

// What was sent is deleted; the form is as if nothing had been.
function forget() {
  own = null;
  keep("");
  for (const each of form.querySelectorAll(":checked")) each.checked = false;
  mark();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const what = event.submitter?.value ?? "answer";
  const body = new URLSearchParams(new FormData(form));
  body.set("do", what);
  if (what === "answer") return form.reportValidity() && answer(body);
  const { ok, text } = await send(form.action, body);
  if (ok && what === "forget") forget();
  say(text);
});

// Another question, another round or another state of it. What isn't sent yet stays said.
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id !== "room") return;
  if (round(asked()) !== round(shown)) own = null;
  if (asked() !== shown && !sending) say(own !== null && asked().endsWith("/closed") ? "Your answer is stored." : "");
  shown = asked();
  mark();
});

const left = kept();
if (left) {
  const body = new URLSearchParams(left);
  body.set("csrfmiddlewaretoken", form.querySelector("[name='csrfmiddlewaretoken']").value);
  answer(body);
}
