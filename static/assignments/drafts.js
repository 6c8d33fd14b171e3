// Keeps what a student puts into the form of a question: on this device at once, and at the site as soon as it can be sent. It
// doesn't count as an answer. A page that is loaded again, here or elsewhere, has it in its form.

const WAIT_MS = 600;
const NOT_KEPT = ["csrfmiddlewaretoken", "token", "kind"];
const timers = new Map(); // Form → when it is sent.
const last = new WeakMap(); // Form → what it contained when it was looked at last.

const formOf = (target) => target.closest?.("form[data-drafts]");
const keyOf = (form) => `tutor.draft ${form.dataset.drafts} ${form.dataset.student}`; // Several may use one browser.

function fieldsOf(form) {
  return Object.fromEntries([...new FormData(form)].filter(([name]) => !NOT_KEPT.includes(name)));
}

function stored(form, text) {
  try {
    if (text === undefined) return localStorage.getItem(keyOf(form));
    if (text === null) localStorage.removeItem(keyOf(form));
    else localStorage.setItem(keyOf(form), text);
  } catch {
    // Without storage, the site has it a moment later.
  }
  return null;
}

async function send(form) {
  const text = JSON.stringify(fieldsOf(form));
  const body = new URLSearchParams(new FormData(form));
  try {
    const response = await fetch(form.dataset.drafts, { method: "POST", body, keepalive: true });
    if (response.ok && stored(form) === text) stored(form, null);
  } catch {
    // It is sent when the browser is online again, or with the next change.
  }
}

function changed(form) {
  const text = JSON.stringify(fieldsOf(form));
  if (!form || form.querySelector("fieldset:disabled") || last.get(form) === text) return;
  last.set(form, text);
  stored(form, text);
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(send, WAIT_MS, form));
}

function fill(form) {
  const text = stored(form) ?? form.dataset.draft;
  if (text && !form.querySelector("fieldset:disabled")) put(form, JSON.parse(text));
  last.set(form, JSON.stringify(fieldsOf(form)));
  if (stored(form)) send(form);
}

function put(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type !== "radio") field.value = value;
      else if (!field.disabled) field.checked = field.value === value;
    }
  }
  for (const list of form.querySelectorAll("[data-order]")) {
    const place = (row) => Number(row.querySelector("select").value) || Infinity;
    list.append(...[...list.querySelectorAll("[data-order-row]")].sort((one, other) => place(one) - place(other)));
  }
}

// A row that is moved changes no field by itself; what follows the press does.
for (const kind of ["input", "change", "click", "pointerup"]) {
  document.addEventListener(kind, ({ target }) => {
    const form = formOf(target);
    if (form) setTimeout(changed, 0, form);
  });
}
// An answer that is sent is the draft, too: the site has it, and what the form shows next still contains it.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  const form = formOf(target);
  if (!form) return;
  clearTimeout(timers.get(form));
  stored(form, null);
  if (last.has(form) && !form.querySelector("fieldset:disabled")) put(form, JSON.parse(last.get(form)));
});
addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-drafts]")) if (stored(form)) send(form);
});
for (const form of document.querySelectorAll("form[data-drafts]")) fill(form);
