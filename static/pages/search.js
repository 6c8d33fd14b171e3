// Updates the list of lessons while a query is typed into its search field. Without scripts, Enter submits the form.
const TYPING_MS = 150;

const form = document.querySelector("[data-search]");
let timer;
let request = new AbortController();

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, TYPING_MS);
});

async function search() {
  const address = new URL(form.action);
  const query = form.elements.q.value.trim();
  if (query) address.searchParams.set("q", query);
  request.abort();
  request = new AbortController();
  try {
    const response = await fetch(address, { signal: request.signal });
    if (response.ok) show(new DOMParser().parseFromString(await response.text(), "text/html"), address);
  } catch (error) {
    if (error.name !== "AbortError") form.submit(); // The browser then shows why the page can't be fetched.
  }
}

function show(page, address) {
  document.getElementById("catalogue-list").replaceWith(page.getElementById("catalogue-list"));
  document.querySelector("[data-found]").textContent = page.querySelector("[data-found]").textContent;
  history.replaceState(history.state, "", address);
}
