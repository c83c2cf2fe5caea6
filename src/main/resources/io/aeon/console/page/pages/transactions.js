// Transactional ids, those with an open transaction first.

import { post } from '../api.js';
import { form } from '../dialog.js';
import { fill, h } from '../dom.js';
import { count, duration, NONE } from '../format.js';
import { paged } from '../paged.js';
import { broker } from '../state.js';

export const title = () => 'Transactions';

export async function show(root, rest, signal) {
  const place = h('div');
  fill(root, h('h1', {}, 'Transactions'),
    h('p', { class: 'muted' }, 'Consumers with isolation level read_committed read up to the first open transaction of a partition. Which producers have written to a partition is told by the page of its topic.'), place);
  const known = await broker().catch(() => ({}));
  if (signal.aborted) return;
  const list = paged(place, {
    path: 'transactions',
    caption: 'Transactional ids',
    none: 'There are no transactional ids.',
    tools: change => h('label', { class: 'check' }, h('input', { type: 'checkbox', onchange: event => change({ parameters: { open: event.target.checked ? 1 : '' } }) }), 'Only open ones'),
    columns: [
      { title: 'Transactional id', name: true, cell: each => each.id },
      { title: 'State', short: true, cell: each => h('span', { class: each.hanging ? 'bad' : each.openMs === undefined ? 'muted' : 'warn' }, each.state + (each.hanging ? ', hangs' : '')) },
      { title: 'Open for', number: true, cell: each => duration(each.openMs) },
      { title: 'Timeout', number: true, cell: each => duration(each.timeoutMs) },
      { title: 'Producer', number: true, cell: each => each.producerId + (each.producerEpoch === undefined ? '' : ' / ' + each.producerEpoch) },
      { title: 'Coordinator', number: true, cell: each => count(each.coordinator) },
      { title: 'Partitions', cell: each => (each.partitionCount ? each.partitions.join(', ') + (each.partitionCount > each.partitions.length ? ' …' : '') : NONE) },
      known.write && { title: '', short: true, cell: each => (each.openMs === undefined ? '' : abort(each.id, () => list.reload())) },
    ].filter(Boolean),
  }, signal);
}

const abort = (id, done) => h('button', {
  class: 'plain bad',
  onclick: () => form({
    title: 'Abort the transaction of ' + id,
    intro: 'Its records are not read by consumers with isolation level read_committed. The producer is fenced: it fails at its next step, and a new one has to begin again.',
    fields: [],
    verb: 'Abort',
    danger: true,
    action: async () => {
      await post('transactions/abort', { id });
      return 'The transaction of ' + id + ' is aborted.';
    },
    done,
  }),
}, 'Abort');
