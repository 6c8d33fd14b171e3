// The websocket of a run: reports what the page shows and whether it follows the run, when the socket opens and when either
// changes. A message answers a report, with the changes from what the page has reported.

const LONGEST_DELAY_MS = 5000;
const NEVER_MS = 2 ** 31 - 1;
const FINAL = [4003, 4009, 4404]; // Close codes after which the server doesn't accept this page's socket.

let wrapper = null; // The extension's wrapper, while the socket is open.
let socket = null;
let reported = ""; // The last report on this socket.
let tries = 0;
let opened = 0; // When the socket was opened; 0 while it is closed.
let timer = 0;
let again = null; // Connects, while the page waits for the next try.

// The page connects again by itself, below. The extension can't be hastened, and its delay grows to 64 s.
if (window.htmx) htmx.config.wsReconnectDelay = () => NEVER_MS;
const delay = (count) => Math.min(LONGEST_DELAY_MS, 250 * 2 ** count) * (0.5 + Math.random() / 2);

const follows = () => document.querySelector("[data-player]").dataset.follow === "true";
const nav = () => document.getElementById("walk-nav").dataset;
const room = () => document.getElementById("room"); // The page is one of a class, whose remote has no stage.

function state() {
  const own = room() ? { room: room().dataset.room } : {};
  if (!document.getElementById("stage")) return { step: 0, line: 0, follow: false, made: 0, ended: false, place: null, edition: "", ...own };
  const { made, place, edition } = nav();
  const { step, line = 0 } = document.getElementById("stage").dataset;
  return {
    step: Number(step),
    line: Number(line),
    follow: follows(),
    made: Number(made),
    ended: "ended" in nav(),
    place: place === undefined ? null : Number(place),
    edition,
    ...own,
  };
}

function report() {
  const text = JSON.stringify(state());
  if (!wrapper || text === reported) return;
  reported = text;
  wrapper.sendImmediately(text);
}

function tell(lost) {
  document.dispatchEvent(new CustomEvent("tutor:line", { detail: { part: "socket", lost } }));
}

document.addEventListener("htmx:wsOpen", (event) => {
  wrapper = event.detail.socketWrapper;
  socket = event.detail.event.target;
  wrapper.queue.length = 0; // Messages from before the connection was lost are out of date.
  reported = "";
  opened = Date.now();
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
  if (opened && Date.now() - opened > LONGEST_DELAY_MS) tries = 0; // A socket that is closed at once is a failed try.
  opened = 0;
  again = () => {
    clearTimeout(timer);
    again = null;
    socketWrapper.reconnect();
  };
  clearTimeout(timer);
  timer = setTimeout(again, delay(tries++));
});

// A socket that was open when the line was lost may never notice it.
document.addEventListener("tutor:try", () => again?.());
addEventListener("online", () => (wrapper ? wrapper.reconnect() : again?.()));

// The page has changed since it reported what the message answers: a message that answers its new state follows.
document.addEventListener("htmx:wsBeforeMessage", (event) => {
  event.preventDefault();
  receive(event.detail.message);
  if (!room() && "ended" in nav()) end(event.target);
});

function receive(message) {
  const { from, changes } = JSON.parse(message);
  if (Object.entries(state()).some(([name, value]) => from[name] !== value)) return;
  document.dispatchEvent(new CustomEvent("tutor:changes", { detail: { changes } }));
}

// After the end of the run there are no more messages.
function end(element) {
  element.remove();
  socket.close();
  wrapper = null;
}

document.addEventListener("tutor:shown", report);
document.addEventListener("tutor:follow", report);

// Where websockets are blocked, a page of a class asks for messages itself.
document.addEventListener("tutor:state", ({ detail }) => (detail.state = state()));
document.addEventListener("tutor:message", ({ detail }) => receive(detail.message));
