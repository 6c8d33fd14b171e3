// Loads htmx, which sends the answers, once somebody turns to a question: most pages are only walked through. A page with a
// websocket has loaded it.

const RETRY_MS = 2000;
const source = document.querySelector("[data-htmx]").dataset.htmx;

const unsent = new Set(); // The buttons that were pressed.

let timer = 0;
let loading = null;
let online = 0; // How often the browser has come online.

// htmx begins at once if the page is complete.
async function complete() {
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
}

async function add() {
  await complete();
  const script = document.createElement("script");
  script.src = source;
  await new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

// The promise is rejected if the site can't be reached.
function load() {
  if (window.htmx) return Promise.resolve();
  loading ??= add().finally(() => (loading = null));
  return loading;
}

function tell(lost) {
  document.dispatchEvent(new CustomEvent("tutor:line", { detail: { part: "htmx", lost } }));
}

// Presses the buttons again, which htmx then hears.
async function send() {
  clearTimeout(timer);
  const before = online;
  try {
    await load();
  } catch {
    tell(true);
    if (online > before) return send(); // The try began before the browser was online.
    timer = setTimeout(send, RETRY_MS);
    return;
  }
  tell(false);
  for (const button of unsent) button.click();
  unsent.clear();
}

function prepare({ target }) {
  if (target.closest?.("[hx-post]")) load().catch(() => {}); // It is tried again when the form is sent.
}

document.addEventListener("pointerover", prepare);
document.addEventListener("focusin", prepare);
document.addEventListener("submit", (event) => {
  if (window.htmx || !event.target.matches("[hx-post]")) return;
  event.preventDefault();
  unsent.add(event.submitter);
  send();
});
addEventListener("online", () => {
  online++;
  if (unsent.size) send();
});
