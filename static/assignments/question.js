// Names the question of a page in its address, so that the page shows the same one when it is loaded again.

const shown = document.querySelector("[data-question]")?.dataset.question;
const address = new URL(location.href);

if (shown && address.searchParams.get("question") !== shown) {
  address.searchParams.set("question", shown);
  history.replaceState(history.state, "", address);
}
