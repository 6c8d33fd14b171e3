// Sends a form once more that couldn't be sent because the line to the site was lost, or the site is away: after a while, and as
// soon as the browser is online.

const RETRY_MS = 2000;
const UNREACHABLE = [502, 503, 504]; // A proxy answers for a site that restarts.
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

function keep({ target, detail }) {
  if (!target.matches("form")) return;
  unsent.set(target, detail.requestConfig.triggeringEvent?.submitter);
  tell();
  setTimeout(send, RETRY_MS);
}

document.addEventListener("htmx:sendError", keep);

document.addEventListener("htmx:afterOnLoad", (event) => {
  if (UNREACHABLE.includes(event.detail.xhr.status)) keep(event);
  else if (unsent.delete(event.target)) tell();
});

addEventListener("online", send);
