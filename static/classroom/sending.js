// Sends a form of a class until the site has answered: after a while, and as soon as the browser is online, once more. What is
// sent again is the same, with the same key, so that it counts once.

const RETRY_MS = 2000;
const UNREACHABLE = [502, 503, 504]; // A proxy answers for a site that restarts.

const waiting = new Set(); // What ends the waits for the next try.

function tell(lost) {
  document.dispatchEvent(new CustomEvent("tutor:line", { detail: { part: "form", lost } }));
}

function pause() {
  return new Promise((done) => {
    waiting.add(done);
    setTimeout(done, RETRY_MS);
  });
}

// Returns { ok, status, text, to }: what the site has answered, and the address that it leads to, if any; `onLost` is called when the site can't be reached.
export async function send(address, body, onLost = () => {}) {
  for (;;) {
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "text/plain", "HX-Request": "true" } });
      if (!UNREACHABLE.includes(answer.status)) {
        tell(false);
        return { ok: answer.ok, status: answer.status, text: await answer.text(), to: answer.headers.get("HX-Redirect") };
      }
    } catch {
      // The line is lost.
    }
    tell(true);
    onLost();
    await pause();
  }
}

function hasten() {
  for (const done of waiting) done();
  waiting.clear();
}

addEventListener("online", hasten);
document.addEventListener("tutor:try", hasten);
