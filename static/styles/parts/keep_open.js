// Keeps a part open or closed, as a person left it, when a step replaces it.

const left = new Map();

function note(part) {
  if (part.matches("[data-keep-open]")) left.set(part.id, part.open);
}

function restore() {
  for (const part of document.querySelectorAll("[data-keep-open]")) {
    if (left.has(part.id)) part.open = left.get(part.id);
  }
}

document.querySelectorAll("[data-keep-open][open]").forEach(note);
document.addEventListener("toggle", (event) => note(event.target), true);
document.addEventListener("tutor:shown", restore);
