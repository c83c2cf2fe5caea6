// Tables with aligned numbers.

import { h } from './dom.js';

/**
 * A table. Each column has a title, a cell (a function from the row to text or an element), and may be a number, short
 * (not broken), wide (takes what is left), a name (not narrow) or ordered (the name of an order that the list can have).
 */
export function table({ caption, columns, rows, none, order, onorder }) {
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, columns.map(column => head(column, order, onorder)))),
      h('tbody', {}, rows.length === 0
        ? h('tr', {}, h('td', { class: 'none', colspan: columns.length }, none ?? 'There are none.'))
        : rows.map(row => h('tr', {}, columns.map(column => h('td', { class: kind(column) }, column.cell(row))))))));
}

function head(column, order, onorder) {
  if (!column.title) return h('td');
  if (!column.order || !onorder) return h('th', { scope: 'col', class: kind(column) }, column.title);
  const current = column.order === order;
  return h('th', { scope: 'col', class: kind(column), 'aria-sort': current ? 'other' : null },
    h('button', { class: 'plain', onclick: () => onorder(column.order) }, column.title + (current ? ' ▾' : '')));
}

const kind = column => ['number', 'short', 'wide', 'name'].find(each => column[each]) ?? null;
