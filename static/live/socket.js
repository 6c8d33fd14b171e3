// The websocket of a run: reports what the page shows and whether it follows the run, when the socket opens and when either
// changes. A message answers a report, with the changes from what the page has reported.

const LONGEST_DELAY_MS = 5000;
const FINAL = [1003, 1008, 1009, 4404]; // Close codes after which the server doesn't accept this page's socket.

const address = document.querySelector("[data-socket]")?.dataset.socket; // Only while the run goes on.
let socket = null; // The newest one, until the page needs none.
let reported = ""; // The last report on this socket.
let tries = 0;
let timer = 0;

const delay = (count) => Math.min(LONGEST_DELAY_MS, 250 * 2 ** count) * (0.5 + Math.random() / 2);
const follows = () => document.querySelector("[data-player]").dataset.follow === "true";
const nav = () => document.getElementById("walk-nav").dataset;

function state() {
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
  };
}

function report() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  const text = JSON.stringify(state());
  if (text === reported) return;
  reported = text;
  socket.send(text);
}

function tell(lost) {
  document.dispatchEvent(new CustomEvent("tutor:line", { detail: { part: "socket", lost } }));
}

function connect() {
  clearTimeout(timer);
  socket?.close();
  socket = new WebSocket(location.origin.replace("http", "ws") + address);
  socket.addEventListener("open", begin);
  socket.addEventListener("close", connectAgain);
  socket.addEventListener("message", apply);
}

function begin({ target }) {
  if (target !== socket) return;
  reported = "";
  tries = 0;
  tell(false);
  report();
}

function connectAgain({ target, code }) {
  if (target !== socket) return; // There is a newer one.
  const isFinal = FINAL.includes(code);
  tell(!isFinal);
  if (isFinal) socket = null;
  else timer = setTimeout(connect, delay(tries++));
}

// The page may have changed since it reported what the message answers: a message that answers its new state follows.
function apply({ data }) {
  const { from, changes } = JSON.parse(data);
  if (Object.entries(state()).some(([name, value]) => from[name] !== value)) return;
  document.dispatchEvent(new CustomEvent("tutor:changes", { detail: { changes } }));
  if ("ended" in nav()) end();
}

// After the end of the run there are no more messages.
function end() {
  const last = socket;
  socket = null;
  last?.close();
}

// A socket that was open when the line was lost may never notice it.
addEventListener("online", () => {
  if (socket && socket.readyState !== WebSocket.CONNECTING) connect();
});
document.addEventListener("tutor:shown", report);
document.addEventListener("tutor:follow", report);
if (address) connect();
