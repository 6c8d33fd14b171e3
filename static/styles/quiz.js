// The links to other questions lead to the step that is shown. The current row of the execution table stays in view.

import "./step_by_step.js";

function keepStep() {
  const { step } = document.getElementById("stage").dataset;
  for (const link of document.querySelectorAll(".one-by-one a[href*='step=']:not([data-walk])")) {
    const address = new URL(link.href);
    address.searchParams.set("step", step);
    link.href = address.pathname + address.search + address.hash;
  }
}

document.addEventListener("tutor:shown", keepStep);
document.addEventListener("htmx:oobAfterSwap", keepStep);
