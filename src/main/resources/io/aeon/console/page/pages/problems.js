// What is wrong, each with what to do.

import { every, get } from '../api.js';
import { failure, fill, h } from '../dom.js';
import { plural } from '../format.js';

export const title = () => 'Problems';

export const problemList = problems => problems.map(each => h('section', { class: 'problem' },
  h('p', {}, h('strong', {}, each.what)),
  h('p', {}, 'What to do: ' + each.remedy + '.'),
  each.link ? h('p', {}, h('a', { href: each.link }, 'More')) : null));

export function show(root, rest, signal) {
  const place = h('div', {}, h('p', { class: 'muted' }, 'Looking at the broker, the groups and the transactions …'));
  fill(root, h('h1', {}, 'Problems'), place);
  every(5000, async () => {
    try {
      const found = await get('problems', {}, signal);
      fill(place, h('p', { class: 'muted' }, found.length ? plural(found.length, 'problem') + ' found.' : 'Nothing is wrong with this broker, and no group and no transaction stands still.'), problemList(found));
    } catch (error) {
      if (!signal.aborted) fill(place, failure(error));
    }
  }, signal);
}
