// The websocket of a run: says which step the page shows and whether it follows, whenever that changes and on each open.

const LONGEST_MS = 5000;
const GIVEN_UP = [1003, 1008, 1009, 4404]; // The server wants no more of this; anything else is worth another try.

let socket = null; // The extension's wrapper, while it is open.
let line = null; // The websocket itself.
let tries = 0;

// The extension waits up to 64 s on its own.
const delay = (count) => Math.min(LONGEST_MS, 250 * 2 ** count) * (0.5 + Math.random() / 2);
htmx.config.wsReconnectDelay = delay;

const step = () => document.getElementById("stage").dataset.step;
const follows = () => document.querySelector("[data-player]").dataset.follow === "true";

function say({ made, ended } = standing()) {
  socket?.sendImmediately(JSON.stringify({ step: Number(step()), follow: follows(), made, ended }));
}

function standing() {
  const nav = document.getElementById("walk-nav").dataset;
  return { made: Number(nav.made), ended: "ended" in nav };
}

document.addEventListener("htmx:wsOpen", (event) => {
  socket = event.detail.socketWrapper;
  line = event.detail.event.target;
  socket.queue.length = 0; // What was pressed while offline is out of date.
  tries = 0;
  say();
});

document.addEventListener("htmx:wsClose", (event) => {
  const { socketWrapper, event: close } = event.detail;
  socket = null;
  // The extension itself comes back on these four only.
  if (GIVEN_UP.includes(close.code) || [1006, 1011, 1012, 1013].includes(close.code)) return;
  if (document.contains(event.target)) setTimeout(() => socketWrapper.reconnect(), delay(tries++));
});

// What was sent for a step that the page has left meanwhile would take it back there: it is left out, and asked for anew.
document.addEventListener("htmx:wsBeforeMessage", (event) => {
  const { message } = event.detail;
  const wanted = message.includes('id="stage"') ? follows() : message.includes(`data-position="${step()}"`);
  if (wanted) return;
  event.preventDefault();
  say({ made: 0, ended: false });
});

// A run that is over has nothing more to send.
document.addEventListener("htmx:wsAfterMessage", (event) => {
  if (!("ended" in document.getElementById("walk-nav").dataset)) return;
  event.target.remove();
  line.close();
  socket = null;
});

document.addEventListener("htmx:load", (event) => {
  if (event.target.id === "stage") say();
});
document.addEventListener("tutor:follow", () => say());
