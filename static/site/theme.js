// The colour theme: light, dark, or the system's. A classic script in the head, so that it runs before the first paint.
(() => {
  const STORED = "tutor.theme";
  const LABELS = { auto: "as your system", light: "light", dark: "dark" };
  const ORDER = ["auto", "light", "dark"];
  const root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem(STORED);
    } catch {
      return null; // The browser may forbid storage.
    }
  }

  function use(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  function label() {
    const theme = root.dataset.theme ?? "auto";
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.setAttribute("aria-label", `Colours: ${LABELS[theme]}`);
    }
  }

  root.dataset.scripts = "on"; // Elements with data-needs-script are visible from here on.
  use(stored());
  document.addEventListener("DOMContentLoaded", label);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const theme = ORDER[(ORDER.indexOf(root.dataset.theme ?? "auto") + 1) % ORDER.length];
    use(theme);
    label();
    try {
      localStorage.setItem(STORED, theme);
    } catch {
      // Without storage, the choice lasts until the page is left.
    }
  });
})();
