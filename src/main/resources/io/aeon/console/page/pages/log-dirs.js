// The data directories of all brokers, and what takes the space.

import { every, get } from '../api.js';
import { failure, fill, h } from '../dom.js';
import { bytes, count, plural } from '../format.js';
import { table } from '../table.js';

const FULL = 0.95;

export const title = () => 'Log directories';

export function show(root, rest, signal) {
  const place = h('div', {}, h('p', { class: 'muted' }, 'Loading …'));
  fill(root, h('h1', {}, 'Log directories'), place);
  every(10000, async () => {
    try {
      const answer = await get('log-dirs', {}, signal);
      fill(place,
        answer.silent.length ? h('p', { class: 'warn' }, 'No answer from ' + plural(answer.silent.length, 'broker') + ': ' + answer.silent.join(', ')) : null,
        answer.directories.map(directory));
    } catch (error) {
      if (!signal.aborted) fill(place, failure(error));
    }
  }, signal);
}

function directory(each) {
  const used = each.total ? (each.total - each.usable) / each.total : 0;
  return h('section', {},
    h('h2', {}, h('span', { class: 'code' }, each.path), h('span', { class: 'muted' }, ' on broker ' + each.broker)),
    each.error ? h('div', { class: 'failure' }, each.error) : null,
    each.total ? [
      h('div', { class: used > FULL ? 'bar full' : 'bar', role: 'img', 'aria-label': Math.round(used * 100) + ' % of the disk are used' }, width(h('span'), used)),
      h('p', { class: 'small muted' }, bytes(each.usable) + ' of ' + bytes(each.total) + ' are free; ' + plural(each.partitions, 'partition') + ' take ' + bytes(each.bytes)),
    ] : null,
    table({
      caption: 'Largest topics in ' + each.path,
      none: 'There are no partitions here.',
      columns: [
        { title: 'Largest topics', cell: row => h('a', { href: '#/topic/' + encodeURIComponent(row.topic) }, row.topic) },
        { title: 'Partitions here', number: true, cell: row => count(row.partitions) },
        { title: 'Size here', number: true, cell: row => bytes(row.bytes) },
      ],
      rows: each.largest,
    }));
}

function width(element, part) {
  element.style.width = (part * 100).toFixed(1) + '%';
  return element;
}
