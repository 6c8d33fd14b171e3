// Counts down the time that is left by the server's clock; the page is loaded again when it is over.

const came = new WeakMap(); // The element → when it came.

function words(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
  const days = Math.floor(seconds / 86400);
  return `${days} day${days === 1 ? "" : "s"} ${Math.floor((seconds % 86400) / 3600)} h`;
}

function show() {
  for (const element of document.querySelectorAll("[data-left-s]")) {
    if (!came.has(element)) came.set(element, performance.now());
    const left = Math.ceil(Number(element.dataset.leftS) - (performance.now() - came.get(element)) / 1000);
    element.textContent = `${words(Math.max(0, left))} left`;
    if (left < 0) location.reload();
  }
}

show();
setInterval(show, 1000);
