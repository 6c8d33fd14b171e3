// The script of a run's file: it shows each step in each style from the parts that the file contains. The modules of the
// run's page do the rest. Where it is stands in the hash, as in #style=flow&step=3.

import "../../site/theme.js";
import "../parts/changes.js";
import "../parts/press.js";
import "../parts/shown.js";
import "../parts/link.js";
import "../parts/flow.js";
import "../parts/follow.js";
import "../parts/claim_card.js";
import "../step_by_step.js";
import "../timeline.js";
import "../../pages/keys.js";

const { pieces, steps } = await stored();
const tabs = [...document.querySelectorAll("[data-style-key]")];

let here = { style: Object.keys(steps)[0], step: 1 };

async function stored() {
  const bytes = Uint8Array.from(atob(document.getElementById("run").textContent), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

function html(number) {
  return pieces[number].map((piece) => (typeof piece === "string" ? piece : html(piece))).join("");
}

function hash(style, step) {
  return `#style=${style}&step=${step}`;
}

function show({ style, step }) {
  here = { style, step };
  for (const sheet of document.querySelectorAll("[data-sheet-of]")) sheet.media = sheet.dataset.sheetOf === style ? "all" : "not all";
  for (const tab of tabs) {
    tab.href = hash(tab.dataset.style, step);
    tab.toggleAttribute("aria-current", tab.dataset.style === style);
    if (tab.dataset.style === style) tab.setAttribute("aria-current", "page");
  }
  const fragments = steps[style][step - 1].map(html).join("");
  document.dispatchEvent(new CustomEvent("tutor:changes", { detail: { fragments } }));
}

// Other hashes, such as that of the link to the content, lead to no step.
function read() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const style = asked.get("style") ?? here.style;
  const step = Number(asked.get("step"));
  if (steps[style]?.[step - 1] && (style !== here.style || step !== here.step)) show({ style, step });
}

document.addEventListener("tutor:go", ({ detail }) => {
  read(); // A press can come between a change of the hash and its event.
  const { style, step } = here;
  const last = steps[style].length;
  const to = { first: 1, previous: step - 1, next: step + 1, last }[detail.step] ?? detail.step;
  if (!(to >= 1 && to <= last) || to === step) return;
  show({ style, step: to });
  location.replace(hash(style, to));
});

// The moments between two steps aren't in the file: a link to a line leads to the site. The style sheet hides those that
// walk by line, which a key would press.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[data-walk][href*='line=']");
    if (!link) return;
    event.stopPropagation();
    if (!link.checkVisibility()) event.preventDefault();
  },
  { capture: true },
);
addEventListener("hashchange", read);
read();
