// Keeps the names of the scrubber's dots. The server sends the names up to the step that the page shows; the names of later
// steps that the page has already shown are filled in again.

const names = new Map();

function remember() {
  for (const dot of document.querySelectorAll("[id^='dot-']")) {
    const name = dot.querySelector(".dot__name");
    if (name.textContent) names.set(dot.id, name.textContent);
    else name.textContent = names.get(dot.id) ?? "";
  }
}

document.addEventListener("tutor:shown", (event) => {
  if (event.target.id === "walk-nav") remember();
});
remember();
