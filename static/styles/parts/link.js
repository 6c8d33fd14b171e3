// Links the views of a moment: while something is pointed at or has the focus, everything else that stands for the same
// step, process, task, line, node or table is marked. Pressing what stands for a step, outside links and controls, goes there.

const KINDS = ["step", "process", "task", "line", "node", "table"];
const SELECTOR = KINDS.map((kind) => `[data-of-${kind}]`).join();
const CONTROLS = "a, button, summary, input, select, textarea, label, details, [data-follow-task]";

let linked = [];

// What is pointed at, and the step that it is part of.
function show(element) {
  for (const each of linked) each.classList.remove("is-linked");
  const sources = [element?.closest?.(SELECTOR), element?.closest?.("[data-of-step]")];
  linked = [...new Set(sources.filter(Boolean))].flatMap(others);
  for (const each of linked) each.classList.add("is-linked");
}

function others(source) {
  return KINDS.flatMap((kind) => {
    const value = source.getAttribute(`data-of-${kind}`);
    if (value === null) return [];
    return [...document.querySelectorAll(`[data-of-${kind}="${CSS.escape(value)}"]`)].filter((each) => each !== source);
  });
}

// A press between the marks of a clock goes to the nearest one.
function nearest(clock, x) {
  const distance = (mark) => {
    const { left, right } = mark.getBoundingClientRect();
    return Math.abs((left + right) / 2 - x);
  };
  const marks = [...clock.querySelectorAll("[data-of-step]")];
  return marks.sort((one, other) => distance(one) - distance(other))[0];
}

document.addEventListener("pointerover", ({ target }) => show(target));
document.addEventListener("focusin", ({ target }) => show(target));
document.addEventListener("click", ({ target, clientX, defaultPrevented }) => {
  if (defaultPrevented || target.closest(CONTROLS) || !getSelection().isCollapsed) return;
  const clock = target.closest("[data-steps]");
  const step = clock ? nearest(clock, clientX) : target.closest("[data-of-step]");
  if (!step) return;
  const detail = { step: Number(step.dataset.ofStep), by: "hand" };
  document.querySelector("[data-player]").dispatchEvent(new CustomEvent("tutor:go", { bubbles: true, detail }));
});
