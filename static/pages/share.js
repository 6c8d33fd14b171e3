// Copies the address of the moment that is shown.

const SAID_MS = 2000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]");
  const says = button?.querySelector("[data-share-says]");
  if (!says || "before" in says.dataset) return;
  says.dataset.before = says.textContent;
  try {
    await navigator.clipboard.writeText(location.href);
    says.textContent = "Copied";
  } catch {
    says.textContent = "Copy the address above"; // No clipboard without https.
  }
  document.querySelector("[data-announcer]").textContent = says.textContent;
  setTimeout(() => {
    says.textContent = says.dataset.before;
    delete says.dataset.before;
  }, SAID_MS);
});
