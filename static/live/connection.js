// Shows a notice while the connection to the site is lost.

const notice = document.querySelector("[data-connection]");

function show() {
  notice.hidden = false;
}

function hide() {
  notice.hidden = true;
}

if (notice) {
  document.addEventListener("htmx:wsClose", (event) => {
    if (document.contains(event.target)) show();
  });
  document.addEventListener("htmx:sendError", show);
  document.addEventListener("htmx:wsOpen", hide);
  document.addEventListener("htmx:afterOnLoad", hide);
}
