// Lets times be chosen in the reader's own time zone, and sends them in UTC. Without this the fields are in UTC, and say so.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const MINUTE_MS = 60_000;

function local(text) {
  const moment = new Date(`${text}Z`);
  return text && new Date(moment - moment.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

const utc = (text) => text && new Date(text).toISOString().slice(0, 16);

for (const field of document.querySelectorAll("input[type='datetime-local'][name]")) {
  const sent = document.createElement("input");
  sent.type = "hidden";
  sent.name = field.name;
  sent.value = field.value;
  field.removeAttribute("name");
  field.after(sent);
  field.value = local(sent.value);
  field.addEventListener("input", () => (sent.value = utc(field.value)));
  const label = document.querySelector(`label[for="${field.id}"]`);
  label.textContent = label.textContent.replace("UTC", zone);
}
