// The producers that the partitions of a topic remember.

import { get, post } from '../api.js';
import { form } from '../dialog.js';
import { failure, fill, h } from '../dom.js';
import { count, NONE, plural, silent, time } from '../format.js';
import { broker } from '../state.js';
import { table } from '../table.js';

export async function producers(root, topic, signal) {
  const partition = h('input', { type: 'number', min: 0, placeholder: 'all', onchange: () => load() });
  const place = h('div', {}, h('p', { class: 'muted' }, 'Loading …'));
  fill(root, h('div', { class: 'bar-of-tools' }, h('label', {}, 'Partition', partition)), place);
  const known = await broker().catch(() => ({}));

  async function load() {
    try {
      const answer = await get('producers', { topic, partition: partition.value }, signal);
      fill(place, answer.unanswered.length ? failure({ message: silent(answer.unanswered) + 'producers are missing here.' }) : null,
        answer.hangingUnknown ? failure({ message: 'A broker has not told its transactions: those that hang are not marked here.' }) : null, answer.total > answer.producers.length ? h('p', { class: 'muted' }, 'The first ' + plural(answer.producers.length, 'producer') + ' of ' + count(answer.total)) : null, table({
        caption: 'Producers of ' + topic,
        none: 'No idempotent or transactional producer has written here lately.',
        columns: [
          { title: 'Partition', number: true, cell: each => each.partition },
          { title: 'Producer', number: true, cell: each => each.producerId + ' / ' + each.epoch },
          { title: 'Last sequence', number: true, cell: each => count(each.lastSequence) },
          { title: 'Last batch', number: true, cell: each => time(each.lastTimestamp) },
          { title: 'Open transaction', cell: each => (each.openFrom === undefined ? NONE : h('span', { class: each.hanging ? 'bad' : 'warn' }, 'from offset ' + count(each.openFrom) + (each.hanging ? ', hangs: no coordinator will end it' : ''))) },
          known.write && { title: '', short: true, cell: each => (each.hanging ? abort(topic, each, load) : '') },
        ].filter(Boolean),
        rows: answer.producers,
      }));
    } catch (error) {
      if (!signal.aborted) fill(place, failure(error));
    }
  }

  load();
}

const abort = (topic, producer, done) => h('button', {
  class: 'plain bad',
  onclick: () => form({
    title: 'Abort the transaction of producer ' + producer.producerId,
    intro: 'An abort marker is written to partition ' + producer.partition + ' of ' + topic + '. Consumers with isolation level read_committed go on behind it.',
    fields: [],
    verb: 'Abort',
    danger: true,
    action: async () => {
      await post('transactions/abort-hanging', {
        topic, partition: producer.partition, producerId: producer.producerId, producerEpoch: producer.epoch, coordinatorEpoch: producer.coordinatorEpoch ?? 0, openFrom: producer.openFrom,
      });
      return 'The transaction is aborted.';
    },
    done,
  }),
}, 'Abort');
