// The list of keys, and the switch that turns those of a single character off.

const KEY = "tutor.single-keys";
const dialog = document.querySelector("[data-keys]");
const choice = dialog.querySelector("[data-keys-switch]");

function use(on) {
  document.documentElement.dataset.singleKeys = on ? "on" : "off";
  choice.checked = on;
}

try {
  use(localStorage.getItem(KEY) !== "off");
} catch {
  use(true); // Storage may be forbidden.
}

choice.addEventListener("change", () => {
  use(choice.checked);
  try {
    localStorage.setItem(KEY, choice.checked ? "on" : "off");
  } catch {
    // It holds for this page then.
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-open]")) dialog.showModal();
  else if (event.target === dialog) dialog.close();
});
