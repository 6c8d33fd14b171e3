// Walks by line. A press of the link to the next or the previous line is counted while the page goes to another moment.

const player = document.querySelector("[data-player]");
let due = 0;
let working = false; // While this module presses the link itself.

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("#next-line, #previous-line");
    if (!link || !player.hasAttribute("aria-busy")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    due += link.id === "next-line" ? 1 : -1;
  },
  { capture: true },
);

document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id !== "stage" || !due || player.hasAttribute("aria-busy")) return;
  const link = document.querySelector(due > 0 ? "#next-line[href]" : "#previous-line[href]");
  due = link ? due - Math.sign(due) : 0;
  working = true;
  link?.click();
  working = false;
});

// Another way through the run comes first.
document.addEventListener("tutor:gone", () => {
  if (!working) due = 0;
});
