// Light, dark, or as the system has it. A plain script in the head, so that the page is never painted in the other one.
(() => {
  const KEY = "tutor.theme";
  const SAYS = { auto: "as your system", light: "light", dark: "dark" };
  const ORDER = ["auto", "light", "dark"];
  const root = document.documentElement;

  function remembered() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // Storage may be forbidden.
    }
  }

  function use(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  function label() {
    const theme = root.dataset.theme ?? "auto";
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.setAttribute("aria-label", `Colours: ${SAYS[theme]}`);
    }
  }

  root.dataset.scripts = "on"; // What needs scripts is shown only where they run.
  use(remembered());
  document.addEventListener("DOMContentLoaded", label);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const theme = ORDER[(ORDER.indexOf(root.dataset.theme ?? "auto") + 1) % ORDER.length];
    use(theme);
    label();
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // It holds for this page then.
    }
  });
})();
