// What a member sends. An answer is kept on this device until the site has acknowledged it, also when the page is closed or loaded
// again meanwhile.

import { send } from "./sending.js";

const form = document.querySelector("[data-answers]");
const told = document.querySelector("[data-said]");
const STORED = `tutor.answer ${location.pathname}`;
const value = (name) => form.querySelector(`[name="${name}"]`)?.value ?? "";
const asked = () => value("question") && `${value("question")}/${value("round")}`; // "" unless the question is open.

let shown = asked();

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

async function answer(body) {
  keep(body.toString());
  const { text } = await send(form.action, body, () => (told.textContent = "Your answer is kept on this device. It is sent as soon as the line is back."));
  keep("");
  told.textContent = text;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const what = event.submitter?.value ?? "answer";
  const body = new URLSearchParams(new FormData(form));
  body.set("do", what);
  if (what !== "answer") told.textContent = (await send(form.action, body)).text;
  else if (form.reportValidity()) answer(body);
});

// Another question, or another round of it.
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id !== "room" || !asked() || asked() === shown) return;
  shown = asked();
  told.textContent = "";
});

const left = kept();
if (left) {
  const body = new URLSearchParams(left);
  body.set("csrfmiddlewaretoken", form.querySelector("[name='csrfmiddlewaretoken']").value);
  answer(body);
}
