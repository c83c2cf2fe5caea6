// All topics.

import { post } from '../api.js';
import { area, field, form, pairs } from '../dialog.js';
import { fill, h } from '../dom.js';
import { bytes, count, NONE, rate } from '../format.js';
import { paged } from '../paged.js';
import { rates } from '../rates.js';
import { broker } from '../state.js';

export const title = () => 'Topics';

export function show(root, rest, signal) {
  const place = h('div');
  const actions = h('div');
  const rateOf = rates();
  fill(root, h('h1', {}, 'Topics'), place);
  const list = paged(place, {
    path: 'topics',
    caption: 'Topics',
    none: 'There are no topics yet; a producer creates one by its first record.',
    order: 'name',
    tools: change => [
      h('label', { class: 'check' }, h('input', { type: 'checkbox', onchange: event => change({ parameters: { internal: event.target.checked ? 1 : '' } }) }), 'Internal topics'),
      h('span', { class: 'space' }), actions,
    ],
    seen: answer => rateOf.note(answer.items.map(each => [each.name, each.ends])),
    columns: [
      { title: 'Topic', name: true, order: 'name', cell: each => [h('a', { href: '#/topic/' + encodeURIComponent(each.name) }, each.name), each.internal ? [' ', h('span', { class: 'tag muted' }, 'internal')] : null] },
      { title: 'Partitions', order: 'partitions', number: true, cell: each => count(each.partitions) },
      { title: 'Replicas', number: true, cell: each => each.replicas },
      { title: 'Records', number: true, cell: each => count(each.records) },
      { title: 'Rate', number: true, cell: each => rate(rateOf.of(each.name)) },
      { title: 'Size', order: 'bytes', number: true, cell: each => bytes(each.bytes) },
      { title: 'Cleanup', short: true, cell: each => each.cleanup ?? h('span', { class: 'muted' }, NONE) },
      { title: 'State', short: true, cell: state },
    ],
  }, signal);
  broker().then(known => {
    if (known.write) fill(actions, h('button', { class: 'main', onclick: () => create(list.reload) }, 'Create topic'));
  }, () => {});
}

function state(topic) {
  if (topic.offline) return h('span', { class: 'bad' }, count(topic.offline) + ' offline');
  if (topic.lacking) return h('span', { class: 'warn' }, count(topic.lacking) + ' not in sync');
  return h('span', { class: 'good' }, 'served');
}

function create(done) {
  form({
    title: 'Create a topic',
    fields: [
      field('name', 'Name', { required: true, pattern: '[a-zA-Z0-9._\\-]{1,249}', title: 'letters, digits, dot, underscore and hyphen' }),
      field('partitions', 'Partitions (empty: num.partitions)', { type: 'number', min: 1 }),
      field('replicas', 'Replicas (empty: default.replication.factor)', { type: 'number', min: 1 }),
      area('settings', 'Settings, one name=value a line', { placeholder: 'cleanup.policy=compact' }),
    ],
    verb: 'Create',
    action: async given => {
      const number = value => (value ? Number(value) : null);
      await post('topics/create', {
        name: given.name, partitions: number(given.partitions), replicas: number(given.replicas), settings: pairs(given.settings),
      });
      return 'Topic ' + given.name + ' is created.';
    },
    done,
  });
}
