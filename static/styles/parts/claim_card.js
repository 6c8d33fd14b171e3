// Shows the card of a claim that is pointed at or has the focus: what shows that it is true. Escape hides it.

const GAP = 6; // Pixels between a claim and its card.
const HIDE_MS = 150; // Enough to move the pointer from the claim to its card.
const card = document.getElementById("claim-card");

let claim = null;
let timer = 0;

function show(link) {
  clearTimeout(timer);
  if (link === claim) return;
  hide();
  claim = link;
  card.textContent = link.dataset.card;
  card.showPopover();
  place();
  link.setAttribute("aria-describedby", card.id);
}

function place() {
  const { left, top, bottom } = claim.getClientRects()[0];
  const { width, height } = card.getBoundingClientRect();
  const below = bottom + GAP + height <= innerHeight;
  card.style.left = `${Math.max(GAP, Math.min(left, document.documentElement.clientWidth - width - GAP))}px`;
  card.style.top = `${below ? bottom + GAP : top - GAP - height}px`;
}

function hide() {
  clearTimeout(timer);
  claim?.removeAttribute("aria-describedby");
  claim = null;
  if (card.matches(":popover-open")) card.hidePopover();
}

function see({ target }) {
  const link = target.closest?.("a[data-card]");
  if (link) show(link);
  else if (target === card) clearTimeout(timer);
  else if (claim && claim !== document.activeElement) later();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(hide, HIDE_MS);
}

document.addEventListener("pointerover", see);
document.addEventListener("focusin", see);
document.addEventListener("focusout", ({ target }) => target === claim && later());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !claim) return;
  event.preventDefault();
  hide();
});
document.addEventListener("scroll", () => claim && place(), true);
document.addEventListener("tutor:showing", hide);
