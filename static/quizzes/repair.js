// Questions that a run judges. As long as one waits, its page is loaded again and again in the background, until it says what came of it.

const EVERY_MS = 1500;

const waiting = () => document.querySelector(".question [data-waits]")?.closest(".question");

async function look() {
  const form = document.hidden ? null : waiting();
  if (!form) return;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const newer = page.getElementById(form.id);
  if (!newer || newer.querySelector("[data-waits]")) return;
  for (const part of [".question__body", ".verdict"])
    form.querySelector(part).replaceChildren(...newer.querySelector(part).childNodes);
  for (const id of ["quiz-result", "quiz-pieces", "quiz-turns"])
    document.getElementById(id)?.replaceChildren(...(page.getElementById(id)?.childNodes ?? []));
}

// Without a connection, the next look finds out.
async function lookAgain() {
  await look().catch(() => null);
  setTimeout(lookAgain, EVERY_MS);
}

// A knob whose value is changed is the one that is meant.
document.addEventListener("input", ({ target }) => {
  const radio = target.closest(".repair__row")?.querySelector("[name=knob]");
  if (radio) radio.checked = true;
});

lookAgain();
