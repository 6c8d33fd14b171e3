// Shows moments in the reader's own time zone. Without this they are in UTC, and say so.

const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });

function show() {
  for (const element of document.querySelectorAll("[data-moment]:not([title])")) {
    element.title = element.textContent;
    element.textContent = form.format(new Date(element.dateTime));
  }
}

show();
document.addEventListener("htmx:oobAfterSwap", show);
