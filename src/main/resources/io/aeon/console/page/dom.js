// Elements, made without markup in strings: what a broker sends is always text, never HTML.

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'path', 'line', 'g', 'circle', 'title']);

/** An element. Properties that begin with "on" are listeners; null and false are left out. */
export function h(tag, properties = {}, ...children) {
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** Replaces what is in the element. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** Tells something once, at the edge of the page. */
export function notice(text) {
  const place = document.getElementById('notice');
  place.textContent = text;
  clearTimeout(notice.end);
  notice.end = setTimeout(() => { place.textContent = ''; }, 6000);
}

/** What is shown in place of something that could not be loaded. */
export const failure = error => h('div', { class: 'failure', role: 'alert' }, error.message);
