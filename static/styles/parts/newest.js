// Scrolls the parts that grow to the right to their newest end.

function scrollToEnd(root) {
  for (const part of root.querySelectorAll("[data-newest]")) part.scrollLeft = part.scrollWidth;
}

document.addEventListener("tutor:shown", (event) => scrollToEnd(event.target));
scrollToEnd(document);
