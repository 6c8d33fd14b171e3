// Closes an open menu when a press or the focus is outside it, and with Escape.

const open = () => document.querySelectorAll("[data-menu][open]");

function close(outside) {
  for (const menu of open()) if (!outside || !menu.contains(outside)) menu.open = false;
}

document.addEventListener("pointerdown", ({ target }) => close(target));
document.addEventListener("focusin", ({ target }) => close(target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
