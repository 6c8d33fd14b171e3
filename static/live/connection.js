// Shows a notice while the line to the site is lost: for the browser, for the websocket (socket.js), or for a request
// (walk.js, resend.js).

const notice = document.querySelector("[data-connection]");
const lost = new Set();

function show({ part, lost: isLost }) {
  if (isLost) lost.add(part);
  else lost.delete(part);
  notice.hidden = lost.size === 0;
}

if (notice) {
  document.addEventListener("tutor:line", ({ detail }) => show(detail));
  addEventListener("offline", () => show({ part: "browser", lost: true }));
  addEventListener("online", () => show({ part: "browser", lost: false }));
}
