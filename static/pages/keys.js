// The dialog that lists the keys, and its switch for the keys of a single character.

const STORED = "tutor.single-keys";
const dialog = document.querySelector("[data-keys]");
const choice = dialog.querySelector("[data-keys-switch]");

function use(on) {
  document.documentElement.dataset.singleKeys = on ? "on" : "off";
  choice.checked = on;
}

try {
  use(localStorage.getItem(STORED) !== "off");
} catch {
  use(true); // The browser may forbid storage.
}

choice.addEventListener("change", () => {
  use(choice.checked);
  try {
    localStorage.setItem(STORED, choice.checked ? "on" : "off");
  } catch {
    // Without storage, the choice lasts until the page is left.
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-open]")) dialog.showModal();
  else if (event.target === dialog) dialog.close();
});
