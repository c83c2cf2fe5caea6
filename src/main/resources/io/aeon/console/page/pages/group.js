// One group: why it stands, who is in it, how far it has read.

import { fill, h } from '../dom.js';
import { count, duration, NONE, plural } from '../format.js';
import { paged } from '../paged.js';
import { table } from '../table.js';
import { state, trend } from './groups.js';

export const title = id => id;

export function show(root, [id], signal) {
  const head = h('p', { class: 'muted' }, ' ');
  const stalls = h('div');
  const members = h('div');
  const place = h('div');
  fill(root, h('p', { class: 'crumbs' }, h('a', { href: '#/groups' }, 'Groups'), ' /'), h('h1', {}, id), head, stalls,
    h('h2', {}, 'Partitions'), place, h('h2', {}, 'Members'), members);
  paged(place, {
    path: 'group',
    parameters: { group: id },
    caption: 'Partitions of ' + id,
    none: 'The group has no committed offsets and no partitions.',
    search: false,
    rows: group => group.partitions,
    seen: group => {
      fill(head, group.type.toLowerCase(), ' · ', state(group), ' · ', plural(group.members.length, 'member'), ' · lag ', count(group.lag), ' (', trend(group.growth), ')',
        group.epoch === undefined ? null : ' · epoch ' + group.epoch + ', target ' + group.targetEpoch);
      fill(stalls, group.stalls.map(each => h('section', { class: each.stuck ? 'problem' : 'problem waits' },
        h('p', {}, h('strong', { class: each.stuck ? 'bad' : 'warn' }, each.stuck ? 'Stands still: ' : 'Waits: '), each.sentence))));
      fill(members, memberTable(id, group.members));
    },
    columns: [
      { title: 'Topic', name: true, cell: each => h('a', { href: '#/topic/' + encodeURIComponent(each.topic) }, each.topic) },
      { title: 'Partition', number: true, cell: each => each.partition },
      { title: 'Committed', number: true, cell: each => count(each.committed) },
      { title: 'End', number: true, cell: each => (each.end === undefined ? h('span', { class: 'bad' }, 'offline') : count(each.end)) },
      { title: 'Lag', number: true, cell: each => count(each.lag) },
      { title: 'Trend', number: true, cell: each => trend(each.growth) },
      { title: 'Last commit', number: true, cell: each => (each.commitAgeMs === undefined ? NONE : duration(each.commitAgeMs) + ' ago') },
      { title: 'Member', cell: each => h('span', { class: 'code' }, each.member ?? NONE) },
    ],
  }, signal);
}

const memberTable = (id, members) => table({
  caption: 'Members of ' + id,
  none: 'The group has no members.',
  columns: [
    { title: 'Member', cell: each => h('span', { class: 'code' }, each.member) },
    { title: 'Instance', cell: each => each.instance ?? NONE },
    { title: 'Client', cell: each => each.client },
    { title: 'Host', short: true, cell: each => each.host.replace(/^\//, '') },
    { title: 'Epoch', number: true, cell: each => count(each.epoch) },
    { title: 'Owns', number: true, cell: each => count(each.owns) },
    { title: 'To revoke', cell: each => each.toRevoke || NONE },
    { title: 'To get', cell: each => each.toGet || NONE },
  ],
  rows: members,
});
