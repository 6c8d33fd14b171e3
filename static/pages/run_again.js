// The form that runs a lesson, on the page of a run. Run again leaves the page where it was scrolled to. A value that is edited
// isn't that of the run which is shown, and the page says so.

const KEY = "tutor-scroll";
const form = document.getElementById("knobs");
const note = document.querySelector("[data-edited]");

function isEdited({ type, defaultValue, value, defaultChecked, checked, options }) {
  if (type === "hidden") return false;
  if (options) return [...options].some((each) => each.selected !== each.defaultSelected);
  return type === "checkbox" ? checked !== defaultChecked : value !== defaultValue;
}

function tell() {
  note.hidden = ![...form.elements].some((each) => each.name && isEdited(each));
}

function keepScroll() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ lesson: form.getAttribute("action"), top: scrollY }));
  } catch {
    // Without storage, the page of the new run begins at its top.
  }
}

function scrollAsBefore() {
  try {
    const { lesson, top } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    sessionStorage.removeItem(KEY);
    if (lesson === form.getAttribute("action")) scrollTo({ top, behavior: "instant" });
  } catch {
    // As above.
  }
}

if (form && note) {
  scrollAsBefore();
  form.addEventListener("input", tell);
  addEventListener("pageshow", tell); // A browser may have filled in what was edited before.
  document.addEventListener("submit", keepScroll);
}
