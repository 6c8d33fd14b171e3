// Copies the address of the moment that the page shows. If this browser has started the run, it is pinned, so that the link lasts.

const CONFIRMED_MS = 2000;

document.addEventListener("click", async (event) => {
  const label = event.target.closest("[data-share]")?.querySelector("[data-share-label]");
  if (!label || "before" in label.dataset) return;
  label.dataset.before = label.textContent;
  pin();
  try {
    await navigator.clipboard.writeText(location.href);
    label.textContent = "Copied";
  } catch {
    label.textContent = "Copy the address above"; // Without https, there is no clipboard.
  }
  document.querySelector("[data-announcer]").textContent = label.textContent;
  setTimeout(() => {
    label.textContent = label.dataset.before;
    delete label.dataset.before;
  }, CONFIRMED_MS);
});

function pin() {
  const form = document.querySelector("[data-pin]");
  if (form) fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } }).catch(() => {});
}
