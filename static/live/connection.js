// Says when the connection is lost, and stops saying so when it is back.

const notice = document.querySelector("[data-connection]");

function lost() {
  notice.hidden = false;
}

function back() {
  notice.hidden = true;
}

if (notice) {
  document.addEventListener("htmx:wsClose", (event) => {
    if (document.contains(event.target)) lost();
  });
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:wsOpen", back);
  document.addEventListener("htmx:afterOnLoad", back);
}
