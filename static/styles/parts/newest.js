// Parts that grow to the right are shown from their newest end.

function toTheEnd(root) {
  for (const part of root.querySelectorAll("[data-newest]")) part.scrollLeft = part.scrollWidth;
}

document.addEventListener("htmx:load", (event) => toTheEnd(event.target));
