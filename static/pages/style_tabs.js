// The tabs of the learning styles lead to the step that is shown. The page of another style is scrolled to where this one is.

const SCROLLED = "tutor.scrolled";
const tabs = document.querySelector("[data-style-tabs]");

function lead({ target }) {
  if (target.id !== "stage") return;
  for (const link of tabs.querySelectorAll("a[href*='step=']")) {
    const address = new URL(link.href);
    address.searchParams.set("step", target.dataset.step);
    link.href = address.search;
  }
}

// Each style's page is loaded as a whole, which would begin at its top.
function scroll() {
  const { path, top } = JSON.parse(sessionStorage.getItem(SCROLLED) ?? "{}");
  sessionStorage.removeItem(SCROLLED);
  if (path === location.pathname) scrollTo(0, top);
}

function keep(event) {
  if (!event.target.closest("a") || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  try {
    sessionStorage.setItem(SCROLLED, JSON.stringify({ path: location.pathname, top: scrollY }));
  } catch {
    // Without storage, the page begins at its top.
  }
}

// On a phone, the tabs are a line that scrolls sideways.
function showCurrent() {
  const [list, current] = [tabs.querySelector("ol"), tabs.querySelector("[aria-current]")];
  list.scrollLeft = current.offsetLeft + current.offsetWidth - list.clientWidth;
}

document.addEventListener("tutor:shown", lead);
tabs.addEventListener("click", keep);
showCurrent();
try {
  scroll();
} catch {
  // See `keep`.
}
