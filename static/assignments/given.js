// The page of a quiz's teacher: results come by the websocket, without closing what is open or taking what is being typed.

import "./moments.js";

const FAILED = 4011; // The close code after which a page connects again.
const RETRY_MS = 2000;

const token = () => document.querySelector("[name='csrfmiddlewaretoken'][value]:not([value=''])")?.value ?? "";
const results = document.querySelector("[data-results]");

// The site renders the results once for all pages of the teacher, each of which has a token of its own.
function complete() {
  for (const field of results.querySelectorAll("[data-csrf]")) field.value = token();
}

// Only what differs is replaced, part by part: a question, a table, a line.
function update(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.contains(document.activeElement) && !old.querySelector("article, section")) return;
  const alike = old.children.length === fresh.children.length && ["DIV", "SECTION"].includes(old.tagName);
  if (!alike) {
    keepOpen(old, fresh);
    old.replaceWith(fresh);
    return;
  }
  const others = [...fresh.children]; // Those that are used leave `fresh`.
  for (const [index, child] of [...old.children].entries()) update(child, others[index]);
}

function keepOpen(old, fresh) {
  const opened = [...old.querySelectorAll("details")].map((each) => each.open);
  for (const [index, each] of fresh.querySelectorAll("details").entries()) each.open = opened[index] ?? false;
}

// The extension connects again if the line was lost. If the site has closed the socket, because it failed, the page does.
document.addEventListener("htmx:wsClose", ({ detail }) => {
  if (detail.event.code === FAILED) setTimeout(() => detail.socketWrapper.reconnect(), RETRY_MS);
});

document.addEventListener("htmx:wsBeforeMessage", (event) => {
  event.preventDefault();
  const fresh = new DOMParser().parseFromString(event.detail.message, "text/html").getElementById("results-shown");
  const shown = document.getElementById("results-shown");
  if (fresh && shown) update(shown, document.importNode(fresh, true));
  complete();
});
complete();
