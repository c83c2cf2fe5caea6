// All groups.

import { fill, h } from '../dom.js';
import { count, growth, NONE } from '../format.js';
import { paged } from '../paged.js';

const STATES = ['Stable', 'PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling', 'Empty', 'Dead'];

export const title = () => 'Groups';

export function show(root, rest, signal) {
  const place = h('div');
  fill(root, h('h1', {}, 'Groups'), place);
  paged(place, {
    path: 'groups',
    caption: 'Groups',
    none: 'There are no groups.',
    tools: change => h('label', {}, 'State',
      h('select', { onchange: event => change({ parameters: { state: event.target.value } }) },
        h('option', { value: '' }, 'any'), STATES.map(each => h('option', {}, each)))),
    columns: [
      { title: 'Group', name: true, cell: each => (each.lag === undefined ? each.group : h('a', { href: '#/group/' + encodeURIComponent(each.group) }, each.group)) },
      { title: 'Kind', short: true, cell: each => each.type.toLowerCase() },
      { title: 'State', short: true, cell: state },
      { title: 'Members', number: true, cell: each => count(each.members) },
      { title: 'Lag', number: true, cell: each => count(each.lag) },
      { title: 'Trend', number: true, cell: each => trend(each.growth) },
      { title: 'Held up by', cell: each => (each.heldUpBy ? h('span', { class: each.stuck ? 'bad' : 'warn' }, each.heldUpBy) : h('span', { class: 'muted' }, NONE)) },
    ],
  }, signal);
}

export const state = group => h('span', { class: { Stable: 'good', Empty: 'muted', Dead: 'bad' }[group.state] ?? 'warn' }, group.state);

/** A lag that grows is worth a look. */
export const trend = value => h('span', { class: value > 0.5 ? 'warn' : value < -0.5 ? 'good' : null }, growth(value));
