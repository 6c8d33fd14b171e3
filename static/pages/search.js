// The list of lessons follows what is typed into its search. Enter does the same without scripts.
const TYPING_MS = 150;

const form = document.querySelector("[data-search]");
let timer;
let asked = new AbortController();

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, TYPING_MS);
});

async function search() {
  const address = new URL(form.action);
  const query = form.elements.q.value.trim();
  if (query) address.searchParams.set("q", query);
  asked.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"), address);
  } catch (error) {
    if (error.name !== "AbortError") form.submit(); // What can't be fetched the browser explains.
  }
}

function show(page, address) {
  document.getElementById("shelf").replaceWith(page.getElementById("shelf"));
  document.querySelector("[data-found]").textContent = page.querySelector("[data-found]").textContent;
  history.replaceState(history.state, "", address);
}
