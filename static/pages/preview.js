// A lesson being written: ask twice a second whether a file has changed, and show the page anew when one has.

const { previewUrl } = document.querySelector("[data-preview-url]").dataset;
let known = null;

async function look() {
  try {
    const answer = await fetch(previewUrl);
    const now = await answer.text();
    if (answer.ok && known !== null && now !== known) location.reload();
    if (answer.ok) known = now;
  } catch {
    // The site is being started again.
  }
  setTimeout(look, 500);
}

look();
