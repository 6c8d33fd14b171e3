// Preview of a lesson: asks twice a second whether one of its files has changed, and reloads the page if so.

const { previewUrl } = document.querySelector("[data-preview-url]").dataset;
let known = null;

async function check() {
  try {
    const response = await fetch(previewUrl);
    const state = await response.text();
    if (response.ok && known !== null && state !== known) location.reload();
    if (response.ok) known = state;
  } catch {
    // The server is restarting.
  }
  setTimeout(check, 500);
}

check();
