// Moves the tokens of a concept flow along the edges that they took in a step, and scrolls a drawing that is larger than
// its card to the node that is lit.

const MOVE_MS = 240;
const POINTS = 8; // On each edge.
const still = matchMedia("(prefers-reduced-motion: reduce)");

let shown = step();

function step() {
  return Number(document.getElementById("stage").dataset.step);
}

function show() {
  const last = shown;
  shown = step();
  scroll();
  if (shown !== last + 1 || still.matches) return;
  for (const token of document.querySelectorAll(".token[data-way]")) if (token.checkVisibility()) move(token);
}

function scroll() {
  for (const drawing of document.querySelectorAll("svg.flow")) if (drawing.checkVisibility()) scrollTo(drawing);
}

function scrollTo(drawing) {
  const node = drawing.querySelector(".flow-node--at, .flow-node--last");
  const card = drawing.closest(".flow-scroll");
  if (!node || !card) return;
  const [there, here] = [node.getBoundingClientRect(), card.getBoundingClientRect()];
  card.scrollLeft += there.left + there.width / 2 - here.left - here.width / 2;
  card.scrollTop += there.top + there.height / 2 - here.top - here.height / 2;
}

// Its place is that at the end of the way; the frames are the distances from there.
function move(token) {
  const nodes = token.dataset.way.split(" ");
  const { x, y, width, height } = token.querySelector("rect").getBBox();
  const frames = nodes.slice(1).flatMap((node, index) => {
    const edge = token.closest("svg").querySelector(`[data-edge="${nodes[index]} ${node}"] .flow-line`);
    return Array.from({ length: POINTS }, (_, point) => {
      const at = edge.getPointAtLength((edge.getTotalLength() * point) / (POINTS - 1));
      return { transform: `translate(${at.x - x - width / 2}px, ${at.y - y - height / 2}px)` };
    });
  });
  token.animate([...frames, { transform: "none" }], { duration: MOVE_MS, easing: "ease-in-out" });
}

document.addEventListener("tutor:measure", show);
scroll();
