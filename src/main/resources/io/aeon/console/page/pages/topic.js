// One topic: its partitions, records, settings and producers.

import { get, post } from '../api.js';
import { field, form } from '../dialog.js';
import { fill, h } from '../dom.js';
import { bytes, count, NONE, plural, rate } from '../format.js';
import { paged } from '../paged.js';
import { rates } from '../rates.js';
import { broker } from '../state.js';
import { tabs } from '../tabs.js';
import { producers } from './producers.js';
import { records } from './records.js';
import { settingsTable } from './settings.js';

export const title = name => name;

export function show(root, [name, tab], signal) {
  const head = h('p', { class: 'muted' }, ' ');
  const actions = h('div', { class: 'bar-of-tools' });
  const place = h('div');
  fill(root, h('p', { class: 'crumbs' }, h('a', { href: '#/topics' }, 'Topics'), ' /'), h('h1', {}, name), head, actions, place);
  const all = [
    { name: 'partitions', title: 'Partitions', show: (panel, end) => partitions(panel, name, head, end) },
    { name: 'records', title: 'Records', show: (panel, end) => records(panel, name, end) },
    { name: 'settings', title: 'Settings', show: (panel, end) => settings(panel, name, end) },
    { name: 'producers', title: 'Producers', show: (panel, end) => producers(panel, name, end) },
  ];
  tabs(place, all, tab, chosen => history.replaceState(null, '', '#/topic/' + encodeURIComponent(name) + '/' + chosen), signal);
  get('topic', { name, limit: 1 }, signal).then(known => describe(head, known), () => {});
  broker().then(known => {
    if (known.write && !name.startsWith('__')) fill(actions, grow(name), remove(name));
    else actions.remove();
  }, () => {});
}

const describe = (head, topic) => fill(head, plural(topic.partitions.total, 'partition'), ' · ', plural(topic.replicas, 'replica'),
  ' · ', bytes(topic.bytes), ' · id ', h('span', { class: 'code' }, topic.id));

function partitions(panel, name, head, signal) {
  const rateOf = rates();
  paged(panel, {
    path: 'topic',
    parameters: { name },
    caption: 'Partitions of ' + name,
    search: false,
    rows: topic => topic.partitions,
    seen: topic => {
      describe(head, topic);
      rateOf.note(topic.partitions.items.map(each => [each.partition, each.end]));
    },
    columns: [
      { title: 'Partition', number: true, cell: each => each.partition },
      { title: 'Leader', number: true, cell: each => (each.leader < 0 ? h('span', { class: 'bad' }, 'none') : each.leader) },
      { title: 'In sync', short: true, cell: each => inSync(each) },
      { title: 'First offset', number: true, cell: each => count(each.start) },
      { title: 'Next offset', number: true, cell: each => (each.end === undefined ? h('span', { class: 'bad' }, 'offline') : count(each.end)) },
      { title: 'Records', number: true, cell: each => (each.end === undefined || each.start === undefined ? NONE : count(each.end - each.start)) },
      { title: 'Rate', number: true, cell: each => rate(rateOf.of(each.partition)) },
      { title: 'Size', number: true, cell: each => bytes(each.bytes) },
    ],
  }, signal);
}

function inSync({ replicas, isr }) {
  const lacking = replicas.filter(id => !isr.includes(id));
  return lacking.length ? [isr.join(', '), ' ', h('span', { class: 'warn' }, '(not ' + lacking.join(', ') + ')')] : isr.join(', ');
}

async function settings(panel, name, signal) {
  const known = await broker().catch(() => ({}));
  const change = known.write ? async (setting, value) => {
    await post('topics/settings', { name, settings: { [setting]: value } });
    return setting + (value === null ? ' has its default value again.' : ' is changed.');
  } : null;
  settingsTable(panel, 'topic/settings', { name }, 'Settings of ' + name, change, signal);
}

const grow = name => h('button', {
  onclick: () => form({
    title: 'Add partitions to ' + name,
    intro: 'Records with a key may go to another partition than before. Partitions cannot be taken away again.',
    fields: [field('partitions', 'Number of partitions from now on', { type: 'number', min: 2, required: true })],
    verb: 'Add',
    action: async given => {
      await post('topics/partitions', { name, partitions: Number(given.partitions) });
      return name + ' has ' + given.partitions + ' partitions now.';
    },
  }),
}, 'Add partitions');

const remove = name => h('button', {
  class: 'danger',
  onclick: () => form({
    title: 'Delete ' + name,
    intro: 'All records of the topic are deleted. This cannot be undone.',
    fields: [field('confirmed', 'Type the name of the topic', { required: true, spellcheck: 'false' })],
    verb: 'Delete topic',
    danger: true,
    action: async given => {
      if (given.confirmed !== name) throw new Error('That is not the name of the topic.');
      await post('topics/delete', { name });
      location.hash = '#/topics';
      return 'Topic ' + name + ' is deleted.';
    },
  }),
}, 'Delete topic');
