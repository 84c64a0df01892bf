// Small helpers for the document: elements without strings of HTML.

/**
 * Make an element. Properties are set as such; `data`, `aria` and `class` are attributes.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{[name: string]: any}} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "aria")
      for (const [key, text] of Object.entries(value)) element.setAttribute(`aria-${key}`, text);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else /** @type {any} */ (element)[name] = value;
  }
  element.append(...children);
  return element;
}

/**
 * The element with this id.
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {{new (): Kind}} [kind]
 * @returns {Kind}
 */
export function byId(id, kind = /** @type {any} */ (HTMLElement)) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} '${id}'`);
  return element;
}

/**
 * A copy of a template's element, and its parts by their data-part.
 * @param {string} id
 */
export function fromTemplate(id) {
  const content = byId(id, HTMLTemplateElement).content.cloneNode(true);
  const element = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (content).firstElementChild);
  /** @type {(name: string) => any} */
  const part = (name) => {
    const found = element.dataset.part === name ? element : element.querySelector(`[data-part="${name}"]`);
    if (!found) throw new Error(`the template ${id} has no part '${name}'`);
    return found;
  };
  return {element, part};
}

/**
 * Change a text, only if it differs, and in its node: a new node would have the style of half the page computed anew.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent === text) return;
  const {firstChild} = element;
  if (text && firstChild instanceof Text && !firstChild.nextSibling) firstChild.data = text;
  else element.textContent = text;
}

/**
 * Hide an element or show it, only if that changes something: even the same value again has its style computed anew.
 * @param {HTMLElement} element
 * @param {boolean} isHidden
 */
export function setHidden(element, isHidden) {
  if (element.hidden !== isHidden) element.hidden = isHidden;
}

/**
 * Make the children of an element exactly these, moving as little as possible, so that focus survives.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function setChildren(parent, children) {
  for (const child of [...parent.children]) if (!children.includes(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

let made = 0;

/** An id that no other element has. */
export function freshId() {
  return `made-${++made}`;
}

/**
 * Change an attribute only if it differs.
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * Show a formula that the page has typeset.
 * @param {HTMLElement} element
 * @param {string} name such as `scaler/standardize`
 */
export function showFormula(element, name) {
  if (element.dataset.shown === name) return;
  element.dataset.shown = name;
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector(`[data-formula="${name}"]`));
  element.replaceChildren(template.content.cloneNode(true));
}
