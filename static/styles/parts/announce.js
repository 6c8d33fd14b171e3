// Reads each new step out: one polite live region says what the stage says of itself.

const announcer = document.querySelector("[data-announcer]");

document.addEventListener("htmx:load", (event) => {
  if (event.target.id === "stage") announcer.textContent = event.target.dataset.announcement;
});
