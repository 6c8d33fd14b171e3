// Sends a form once more that couldn't be sent because the line to the site was lost: after a while, and as soon as the browser
// is online.

const RETRY_MS = 2000;
const unsent = new Set();

function tell() {
  document.dispatchEvent(new CustomEvent("tutor:line", { detail: { part: "form", lost: unsent.size > 0 } }));
}

function send() {
  for (const form of unsent) {
    if (document.contains(form)) form.requestSubmit();
    else unsent.delete(form);
  }
}

document.addEventListener("htmx:sendError", ({ target }) => {
  if (!target.matches("form")) return;
  unsent.add(target);
  tell();
  setTimeout(send, RETRY_MS);
});

document.addEventListener("htmx:afterOnLoad", ({ target }) => {
  if (unsent.delete(target)) tell();
});

addEventListener("online", send);
