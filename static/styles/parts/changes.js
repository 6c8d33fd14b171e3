// Changes what the page shows. `tutor:changes` has those that a message of the websocket contains: what to do, the id of the
// element to do it at, and HTML for it. Whether by these or by fragments that htmx swaps, #walk-nav and #stage tell the other
// modules by `tutor:showing` before they change, and by `tutor:shown` afterwards.

const FRAGMENTS = "#walk-nav, #stage";

const DO = {
  replace: (element, html) => insert(html, element.parentNode, (nodes) => element.replaceWith(...nodes)),
  before: (element, html) => insert(html, element.parentNode, (nodes) => element.before(...nodes)),
  after: (element, html) => insert(html, element.parentNode, (nodes) => element.after(...nodes)),
  remove: (element) => element.remove(),
  attributes(element, html) {
    const [{ attributes }] = parse(html, element.parentNode);
    for (const { name } of [...element.attributes]) {
      if (!attributes.getNamedItem(name)) element.removeAttribute(name);
    }
    for (const { name, value } of attributes) element.setAttribute(name, value);
  },
};

// A row of a table and a shape of a picture are parsed as such inside their parent only.
function parse(html, parent) {
  const inside = document.createRange();
  inside.selectNodeContents(parent);
  return [...inside.createContextualFragment(html).childNodes];
}

function insert(html, parent, put) {
  const nodes = parse(html, parent);
  put(nodes);
  for (const node of nodes) htmx.process(node);
}

function apply(changes) {
  const elements = changes.map(([, id]) => document.getElementById(id)).filter((element) => element);
  const ids = [...new Set(elements.map((element) => element.closest(FRAGMENTS).id))];
  for (const id of ids) tell("tutor:showing", document.getElementById(id));
  for (const [what, id, html] of changes) DO[what](document.getElementById(id), html);
  for (const id of ids) tell("tutor:shown", document.getElementById(id));
}

function tell(what, fragment) {
  fragment.dispatchEvent(new CustomEvent(what, { bubbles: true }));
}

document.addEventListener("tutor:changes", ({ detail }) => {
  try {
    apply(detail.changes);
  } catch (error) {
    reportError(error);
    tell("tutor:outdated", document.body); // The page requests its step as a whole.
  }
});
document.addEventListener("htmx:oobBeforeSwap", ({ target }) => target.matches(FRAGMENTS) && tell("tutor:showing", target));
document.addEventListener("htmx:load", ({ target }) => target.matches(FRAGMENTS) && tell("tutor:shown", target));
