// Announces each step to screen readers: copies the stage's announcement to the polite live region of the page.

const announcer = document.querySelector("[data-announcer]");

document.addEventListener("tutor:shown", (event) => {
  if (event.target.id === "stage") announcer.textContent = event.target.dataset.announcement;
});
