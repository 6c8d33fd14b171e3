// Follows a task: a button with `data-follow-task` fades what belongs to other tasks, at every step and in every style,
// until it is pressed again. What belongs to one task has `data-of-task`, what belongs to several `data-of-tasks`, a line
// each.

const STORED = `tutor.follow ${location.pathname}`;
const FADING = "[data-of-task], [data-of-tasks]";

let followed = stored();

function stored() {
  try {
    return sessionStorage.getItem(STORED) ?? "";
  } catch {
    return ""; // Without storage, a task is followed until the page is left.
  }
}

function follow(task) {
  followed = task;
  try {
    sessionStorage.setItem(STORED, task);
  } catch {
    // See `stored`.
  }
  mark();
}

const belongs = ({ dataset }) => dataset.ofTask === followed || (dataset.ofTasks ?? "").split("\n").includes(followed);

// A step at which the task isn't there yet is shown as a whole.
function mark() {
  const stage = document.getElementById("stage");
  const all = [...stage.querySelectorAll(FADING)];
  const isThere = followed !== "" && all.some(belongs);
  stage.classList.toggle("is-following", isThere);
  for (const each of all) {
    each.classList.toggle("is-faded", isThere && !belongs(each));
    each.classList.toggle("is-followed", isThere && belongs(each));
  }
  for (const button of document.querySelectorAll("button[data-follow-task]:not([data-follow-task=''])"))
    button.setAttribute("aria-pressed", String(button.dataset.followTask === followed));
  for (const each of document.querySelectorAll("[data-following]")) {
    each.hidden = followed === "";
    each.querySelector("[data-following-name]").textContent = followed;
  }
}

document.addEventListener("click", ({ target }) => {
  const pressed = target.closest("[data-follow-task]");
  if (pressed) follow(pressed.dataset.followTask === followed ? "" : pressed.dataset.followTask);
});
document.addEventListener("tutor:shown", mark);
mark();
