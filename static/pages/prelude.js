// Plays the recorded run of the home page, scene by scene, and stops at its question. Everything that is shown is in the
// page; this script only moves it. The page rests in the last scene.

const root = document.querySelector("[data-prelude]");
const token = root.querySelector("[data-stops]");
const cursor = root.querySelector("[data-cursor]");
const past = root.querySelector("[data-past]");
const button = root.querySelector("[data-prelude-button]");
const stops = token.dataset.stops.split(" ");
const places = cursor.dataset.cursor.split(" ").map(Number);
const [sceneMs, last] = [Number(root.dataset.sceneMs), stops.length];
const still = matchMedia("(prefers-reduced-motion: reduce)");
const within = (element, scenes) => element.dataset[scenes].split(" ").includes(String(scene));

let scene = last;
let timer = 0;

function moveToken() {
  const dock = root.querySelector(`[data-station="${stops[scene - 1]}"] [data-dock]`);
  if (!dock || token.parentElement === dock) return;
  const from = token.getBoundingClientRect();
  dock.append(token);
  const to = token.getBoundingClientRect();
  if (still.matches) return;
  const way = `translate(${from.x - to.x}px, ${from.y - to.y}px)`;
  token.animate([{ transform: way }, { transform: "none" }], { duration: sceneMs / 2, easing: "ease-in-out" });
}

function show(number) {
  scene = number;
  for (const each of root.querySelectorAll("[data-scenes]")) each.hidden = !within(each, "scenes");
  for (const each of root.querySelectorAll("[data-lit]")) each.classList.toggle("is-lit", within(each, "lit"));
  const x = places[scene - 1] - Number(cursor.dataset.left);
  cursor.setAttribute("transform", `translate(${x} 0)`);
  past.setAttribute("width", x);
  root.querySelector("[data-question]").classList.toggle("is-waiting", scene < last);
  root.dataset.scene = scene;
  moveToken();
}

function say(state) {
  root.dataset.state = state;
  for (const each of button.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== state;
}

function pause() {
  clearTimeout(timer);
  say("paused");
}

function goOn() {
  if (scene === last) return pause();
  show(scene + 1);
  timer = setTimeout(goOn, sceneMs);
}

function play() {
  say("playing");
  show(scene === last ? 1 : scene);
  timer = setTimeout(goOn, sceneMs);
}

button.addEventListener("click", () => (root.dataset.state === "playing" ? pause() : play()));
still.addEventListener("change", () => still.matches && pause());
if (still.matches) say("paused");
else play();
