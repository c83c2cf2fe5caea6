// Dialogs: forms that change something, and a closer look at one thing.

import { fill, h, notice } from './dom.js';

/** Opens a dialog; the returned function closes it. */
export function open(title, ...content) {
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' }, h('h2', { id: 'dialog-title' }, title), content);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return () => dialog.close();
}

export const closeButton = () => h('div', { class: 'ends' }, h('button', { onclick: event => event.target.closest('dialog').close() }, 'Close'));

/**
 * Opens a form.
 *
 * @param fields elements; those with a name are passed to the action
 * @param action does what is asked and returns what to tell; what it throws is shown in the form
 */
export function form({ title, intro, fields, verb, danger, action, done }) {
  const problem = h('div');
  const button = h('button', { class: danger ? 'danger' : 'main', type: 'submit' }, verb);
  const element = h('form', {
    onsubmit: async event => {
      event.preventDefault();
      button.disabled = true;
      try {
        notice(await action(Object.fromEntries(new FormData(element)), element));
        close();
        done?.();
      } catch (error) {
        fill(problem, h('div', { class: 'failure', role: 'alert' }, error.message));
      } finally {
        button.disabled = false;
      }
    },
  }, intro && h('p', {}, intro), fields, problem,
  h('div', { class: 'ends' }, h('button', { type: 'button', onclick: () => close() }, 'Cancel'), button));
  const close = open(title, element);
}

export const field = (name, label, properties = {}) => h('label', {}, label, h('input', { name, autocomplete: 'off', ...properties }));
export const area = (name, label, properties = {}) => h('label', {}, label, h('textarea', { name, spellcheck: 'false', ...properties }));

/** Lines of name=value as an object. */
export function pairs(text) {
  const all = {};
  for (const line of text.split('\n').filter(each => each.trim())) {
    const at = line.indexOf('=');
    if (at < 1) throw new Error('“' + line.trim() + '” is not name=value.');
    all[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return all;
}
