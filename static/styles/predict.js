// Predict: playing pauses at a question, and goes on to the next one. While the run is recorded, the page looks again.

const LOOK_MS = 1000;
const part = () => document.getElementById("prediction");
const player = document.querySelector("[data-player]");
const playing = () => "playing" in player.dataset;

function look() {
  if (part() && "live" in part().dataset) setTimeout(() => document.dispatchEvent(new CustomEvent("tutor:outdated")), LOOK_MS);
  else if (part() && "open" in part().dataset && playing()) document.querySelector("[data-play]").click();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-go-on]")) return;
  event.preventDefault();
  if (!playing()) document.querySelector("[data-play]").click();
});
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id !== "stage") return;
  window.htmx?.process(part());
  look();
});
look();
