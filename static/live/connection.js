// Shows a notice while the site can't be reached: while the websocket is lost, and from a request without an answer to the
// next one with an answer.

const notice = document.querySelector("[data-connection]");
const lost = new Set();

function set(what, isLost) {
  if (isLost) lost.add(what);
  else lost.delete(what);
  notice.hidden = lost.size === 0;
}

if (notice) {
  document.addEventListener("htmx:wsClose", (event) => set("socket", document.contains(event.target)));
  document.addEventListener("htmx:wsOpen", () => set("socket", false));
  document.addEventListener("tutor:unreached", () => set("request", true));
  document.addEventListener("tutor:reached", () => set("request", false));
}
