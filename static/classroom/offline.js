// Counts how long the line has been lost, and tries at once if that is pressed.

const notice = document.querySelector("[data-connection]");
const count = notice.querySelector("[data-lost-s]");

let since = 0;

function show() {
  if (notice.hidden) since = 0;
  else since ||= Date.now();
  if (since) count.textContent = Math.round((Date.now() - since) / 1000);
}

new MutationObserver(show).observe(notice, { attributeFilter: ["hidden"] });
setInterval(show, 1000);
notice.querySelector("[data-try]").addEventListener("click", () => document.dispatchEvent(new CustomEvent("tutor:try")));
