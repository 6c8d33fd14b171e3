// Sends a form once more that couldn't be sent because the line to the site was lost: after a while, and as soon as the browser
// is online.

const RETRY_MS = 2000;
const unsent = new Map(); // Form → the button that sent it.

function tell() {
  document.dispatchEvent(new CustomEvent("tutor:line", { detail: { part: "form", lost: unsent.size > 0 } }));
}

function send() {
  for (const [form, button] of unsent) {
    if (!document.contains(form)) unsent.delete(form);
    else if (button) button.click(); // htmx knows the button by the press.
    else form.requestSubmit();
  }
}

document.addEventListener("htmx:sendError", ({ target, detail }) => {
  if (!target.matches("form")) return;
  unsent.set(target, detail.requestConfig.triggeringEvent?.submitter);
  tell();
  setTimeout(send, RETRY_MS);
});

document.addEventListener("htmx:afterOnLoad", ({ target }) => {
  if (unsent.delete(target)) tell();
});

addEventListener("online", send);
