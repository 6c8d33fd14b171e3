// The websocket of a run: reports the step that the page shows and whether the page follows the run, when the socket opens
// and when either changes, and after each message.

const LONGEST_DELAY_MS = 5000;
const NEVER_MS = 2 ** 31 - 1;
const FINAL = [1003, 1008, 1009, 4404]; // Close codes after which the server doesn't accept this page's socket.

let wrapper = null; // The extension's wrapper, while the socket is open.
let socket = null;
let tries = 0;
let timer = 0;
let again = null; // Connects, while the page waits for the next try.

// The page connects again by itself, below. The extension can't be hastened, and its delay grows to 64 s.
htmx.config.wsReconnectDelay = () => NEVER_MS;
const delay = (count) => Math.min(LONGEST_DELAY_MS, 250 * 2 ** count) * (0.5 + Math.random() / 2);

const step = () => document.getElementById("stage").dataset.step;
const follows = () => document.querySelector("[data-player]").dataset.follow === "true";
const nav = () => document.getElementById("walk-nav").dataset;

function report({ made = Number(nav().made), ended = "ended" in nav() } = {}) {
  wrapper?.sendImmediately(JSON.stringify({ step: Number(step()), follow: follows(), made, ended }));
}

function tell(lost) {
  document.dispatchEvent(new CustomEvent("tutor:line", { detail: { part: "socket", lost } }));
}

document.addEventListener("htmx:wsOpen", (event) => {
  wrapper = event.detail.socketWrapper;
  socket = event.detail.event.target;
  wrapper.queue.length = 0; // Messages from before the connection was lost are out of date.
  tries = 0;
  clearTimeout(timer);
  again = null;
  tell(false);
  report();
});

document.addEventListener("htmx:wsClose", (event) => {
  const { socketWrapper, event: close } = event.detail;
  if (wrapper && close.target !== socket) return; // A newer one is open.
  wrapper = null;
  const isFinal = FINAL.includes(close.code) || !document.contains(event.target);
  tell(!isFinal);
  if (isFinal) return;
  again = () => {
    clearTimeout(timer);
    again = null;
    socketWrapper.reconnect();
  };
  clearTimeout(timer);
  timer = setTimeout(again, delay(tries++));
});

// A socket that was open when the line was lost may never notice it.
addEventListener("online", () => (wrapper ? wrapper.reconnect() : again?.()));

// A message for a step that the page has left meanwhile would lead back to it. The page drops it, and requests its own step
// by reporting that it has no steps yet.
document.addEventListener("htmx:wsBeforeMessage", (event) => {
  const { message } = event.detail;
  const wanted = message.includes('id="stage"') ? follows() : message.includes(`data-position="${step()}"`);
  if (wanted) return;
  event.preventDefault();
  report({ made: 0, ended: false });
});

// The server sends the next message when the page has reported its state. A new stage reports by itself, below. After the
// end of the run there are no more messages.
document.addEventListener("htmx:wsAfterMessage", (event) => {
  if (!("ended" in nav())) {
    if (!event.detail.message.includes('id="stage"')) report();
    return;
  }
  event.target.remove();
  socket.close();
  wrapper = null;
});

document.addEventListener("htmx:load", (event) => {
  if (event.target.id === "stage") report();
});
document.addEventListener("tutor:follow", () => report());
