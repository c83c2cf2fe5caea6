// A list that is too long for one page: a search, a table, the pages of the table, and the newest state every few seconds.

import { every, get } from './api.js';
import { failure, fill, h } from './dom.js';
import { count } from './format.js';
import { table } from './table.js';

const LIMIT = 50;
const REFRESH = 4000;
const TYPED = 250;

/**
 * Shows the list at a path.
 *
 * @param options path, parameters, caption, columns (or a function from the answer to them), none; tools (elements beside
 *     the search); order (the first order); rows (from the answer to the page of rows); seen (called with each answer)
 */
export function paged(root, options, signal) {
  const state = { offset: 0, search: '', order: options.order, parameters: { ...options.parameters } };
  const rowsOf = options.rows ?? (answer => answer);
  const place = h('div', {}, h('p', { class: 'muted' }, 'Loading …'));
  const search = options.search === false ? null : h('label', {}, options.searchFor ?? 'Search',
    h('input', { type: 'search', 'data-search': true, autocomplete: 'off', spellcheck: 'false' }));
  let typed;
  search?.addEventListener('input', event => {
    clearTimeout(typed);
    typed = setTimeout(() => change({ search: event.target.value }), TYPED);
  });

  async function load() {
    const asked = JSON.stringify(state);
    try {
      const answer = await get(options.path, {
        ...state.parameters, offset: state.offset, limit: LIMIT, search: state.search, sort: state.order,
      }, signal);
      if (asked !== JSON.stringify(state)) return;
      options.seen?.(answer);
      const page = rowsOf(answer);
      keepingFocus(place, () => fill(place, table({
        caption: options.caption,
        columns: options.columns,
        rows: page.items,
        none: state.search ? 'Nothing has that in its name.' : options.none,
        order: state.order,
        onorder: options.order ? order => change({ order }) : null,
      }), pager(page)));
    } catch (error) {
      if (!signal.aborted) fill(place, failure(error));
    }
  }

  function pager(page) {
    if (page.total <= LIMIT) return h('p', { class: 'pager' }, page.total > 1 ? count(page.total) + ' in all' : '');
    const last = Math.min(page.offset + page.items.length, page.total);
    return h('div', { class: 'pager' },
      h('button', { disabled: page.offset === 0, 'data-key': 'back', onclick: () => change({ offset: Math.max(0, page.offset - LIMIT) }) }, 'Previous'),
      h('span', {}, count(page.offset + 1) + '–' + count(last) + ' of ' + count(page.total)),
      h('button', { disabled: last >= page.total, 'data-key': 'next', onclick: () => change({ offset: page.offset + LIMIT }) }, 'Next'));
  }

  function change(to) {
    Object.assign(state, 'offset' in to ? to : { ...to, offset: 0 });
    return load();
  }

  fill(root, search || options.tools ? h('div', { class: 'bar-of-tools' }, search, options.tools?.(change, state)) : null, place);
  every(REFRESH, load, signal);
  return { reload: load, change };
}

/** A new table takes the place of the one with the focus, and the button that was pressed is there again. */
function keepingFocus(place, replace) {
  const focused = document.activeElement;
  const inside = place.contains(focused);
  const all = () => [...place.querySelectorAll('a, button')];
  const index = inside ? all().indexOf(focused) : -1;
  const key = inside ? focused.dataset.key : null;
  replace();
  const again = key ? place.querySelector('[data-key=' + key + ']') : all()[index];
  again?.focus({ preventScroll: true });
}
