// Changes what the page shows. `tutor:changes` has those that a message of the websocket contains (what to do, the id of the
// element to do it at, and HTML for it), or whole fragments. #walk-nav, #stage and the #room of a class tell the other modules by `tutor:showing`
// before they change, and by `tutor:shown` afterwards. What measures the page waits for `tutor:measure`, once for all that has
// changed, so that the browser lays out the page once.

const FRAGMENTS = "#walk-nav, #stage, #room";

let frame = 0;

const DO = {
  replace: (element, html) => renew(element, typeof html === "string" ? parse(html, element.parentNode)[0] : html),
  before: (element, html) => element.before(...parse(html, element.parentNode)),
  after: (element, html) => element.after(...parse(html, element.parentNode)),
  remove: (element) => element.remove(),
  attributes: (element, html) => copyAttributes(element, parse(html, element.parentNode)[0]),
};

// A row of a table and a shape of a picture are parsed as such inside their parent only.
function parse(html, parent) {
  const inside = document.createRange();
  inside.selectNodeContents(parent);
  return [...inside.createContextualFragment(html).childNodes];
}

// Turns a node into its new version. What is the same in it stays: the browser lays out and paints the rest only, and what
// moves is the same element before and after. What is the viewer's own stays as it is.
function renew(node, fresh) {
  if (node.isEqualNode(fresh) || isOwn(node, fresh)) return;
  if (node.nodeName !== fresh.nodeName) node.replaceWith(fresh);
  else if (node.nodeType !== Node.ELEMENT_NODE) node.data = fresh.data;
  else {
    copyAttributes(node, fresh);
    renewChildren(node, fresh);
  }
}

function isOwn(node, fresh) {
  return node.id !== undefined && node.id === fresh.id && node.hasAttribute("data-own");
}

function copyAttributes(element, { attributes }) {
  for (const { name } of [...element.attributes]) {
    if (!attributes.getNamedItem(name)) element.removeAttribute(name);
  }
  for (const { name, value } of attributes) if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

// A child with an id is a version of the child with the same id; of the others, those at the same place are.
function renewChildren(element, fresh) {
  const children = [...fresh.childNodes];
  const ids = new Set(children.map(({ id }) => id));
  const old = new Map([...element.children].filter(({ id }) => id).map((child) => [child.id, child]));
  for (const [id, child] of old) if (!ids.has(id)) child.remove();
  let at = element.firstChild;
  for (const child of children) {
    const version = child.id ? old.get(child.id) : at?.id ? null : at;
    const next = version && version === at ? at.nextSibling : at;
    if (version !== at || !version) element.insertBefore(version ?? child, at);
    if (version) renew(version, child);
    at = next;
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function apply(changes) {
  const elements = changes.map(([, id]) => document.getElementById(id)).filter((element) => element);
  const ids = [...new Set(elements.map((element) => element.closest(FRAGMENTS).id))];
  for (const id of ids) tell("tutor:showing", document.getElementById(id));
  for (const [what, id, html] of changes) DO[what](document.getElementById(id), html);
  for (const id of ids) tell("tutor:shown", document.getElementById(id));
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => tell("tutor:measure", document));
}

function replacements(fragments) {
  const nodes = typeof fragments === "string" ? parse(fragments, document.body) : [...fragments.childNodes];
  const elements = nodes.filter(({ id }) => id);
  return elements.map((element) => ["replace", element.id, element]);
}

function tell(what, fragment) {
  fragment.dispatchEvent(new CustomEvent(what, { bubbles: true }));
}

document.addEventListener("tutor:changes", ({ detail }) => {
  try {
    apply(detail.changes ?? replacements(detail.fragments));
  } catch (error) {
    reportError(error);
    tell("tutor:outdated", document.body); // The page requests its step as a whole.
  }
});
