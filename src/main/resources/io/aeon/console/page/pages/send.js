// Sends one record.

import { post } from '../api.js';
import { area, field, form, pairs } from '../dialog.js';
import { h } from '../dom.js';
import { count } from '../format.js';

export const send = (topic, done) => form({
  title: 'Send a record to ' + topic,
  fields: [
    field('partition', 'Partition (empty: by the key)', { type: 'number', min: 0 }),
    field('key', 'Key (empty: none)', { spellcheck: 'false' }),
    area('value', 'Value'),
    h('label', { class: 'check' }, h('input', { type: 'checkbox', name: 'tombstone' }), 'No value (null): in a compacted topic it deletes the key'),
    area('headers', 'Headers, one name=value a line'),
  ],
  verb: 'Send',
  action: async given => {
    const content = text => ({ text });
    const at = await post('records/send', {
      topic,
      partition: given.partition ? Number(given.partition) : null,
      key: given.key ? content(given.key) : null,
      value: given.tombstone ? null : content(given.value),
      headers: Object.entries(pairs(given.headers)).map(([key, value]) => ({ key, value: content(value) })),
    });
    return 'The record is in partition ' + at.partition + ' at offset ' + count(at.offset) + '.';
  },
  done,
});
