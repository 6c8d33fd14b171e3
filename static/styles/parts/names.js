// A dot of the scrubber keeps its name once one has been there. The server names only those up to the step it is asked for.

const names = new Map();

function remember() {
  for (const dot of document.querySelectorAll("[id^='dot-']")) {
    const name = dot.querySelector(".dot__name");
    if (name.textContent) names.set(dot.id, name.textContent);
    else name.textContent = names.get(dot.id) ?? "";
  }
}

document.addEventListener("htmx:load", (event) => {
  if (event.target.id === "walk-nav" || event.target === document.body) remember();
});
