// Where this browser was: a run's page keeps its step here, and the home page's link leads back to it.

const KEY = "tutor-place";
const link = document.querySelector("a[data-place]");

function keep() {
  const stage = document.querySelector("#stage[data-step]");
  const run = /^\/runs\/([^/]+)\//.exec(location.pathname)?.[1];
  if (!stage || !run) return;
  try {
    localStorage.setItem(KEY, JSON.stringify({ run, step: stage.dataset.step }));
  } catch {
    // Without storage, the link leads to the run's first step.
  }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

if (link) {
  const place = kept();
  if (place?.run === link.dataset.place && Number(place.step) > 0) {
    link.search = `?step=${Number(place.step)}`;
    document.querySelector("[data-place-step]").textContent = `, step ${Number(place.step)}`;
  }
} else {
  keep();
  document.addEventListener("tutor:shown", keep);
}
