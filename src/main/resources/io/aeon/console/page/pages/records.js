// The records of a topic: a search, a table, and the tail as it grows.

import { follow, get } from '../api.js';
import { failure, fill, h } from '../dom.js';
import { count, plural, silent, time } from '../format.js';
import { broker } from '../state.js';
import { table } from '../table.js';
import { closeUp, preview } from './record.js';
import { send } from './send.js';

const KEPT = 200;

export function records(root, topic, signal) {
  const inputs = {
    from: h('select', { onchange: () => moved() }, [['newest', 'newest first'], ['oldest', 'the beginning'], ['offset', 'an offset'], ['time', 'a time']]
      .map(([value, text]) => h('option', { value }, text))),
    at: h('input', { type: 'number', min: 0, value: '0' }),
    partition: h('input', { type: 'number', min: 0, placeholder: 'all' }),
    key: h('input', { type: 'search', 'data-search': true, spellcheck: 'false' }),
    value: h('input', { type: 'search', spellcheck: 'false' }),
    header: h('input', { type: 'search', placeholder: 'name or name=value', spellcheck: 'false' }),
    uncommitted: h('input', { type: 'checkbox' }),
  };
  const at = h('label', { hidden: true }, 'Offset', inputs.at);
  const tailButton = h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => (tail ? stopTail() : startTail()) }, 'Follow the tail');
  const place = h('div', { 'aria-busy': 'true' }, h('p', { class: 'muted' }, 'Reading …'));
  const sender = h('span');
  let shown = [];
  let turn = 0;
  let tail;

  function moved() {
    const from = inputs.from.value;
    at.hidden = from !== 'offset' && from !== 'time';
    at.firstChild.textContent = from === 'time' ? 'Time' : 'Offset';
    inputs.at.type = from === 'time' ? 'datetime-local' : 'number';
    if (from === 'time') inputs.at.step = 1;
  }

  const filters = () => ({
    topic, partition: inputs.partition.value, key: inputs.key.value, value: inputs.value.value, header: inputs.header.value,
    uncommitted: inputs.uncommitted.checked ? 1 : '',
  });
  const position = () => (inputs.from.value === 'time' ? new Date(inputs.at.value || Date.now()).getTime() : inputs.at.value);

  async function read(cursor) {
    stopTail();
    const mine = ++turn;
    place.setAttribute('aria-busy', 'true');
    try {
      const part = await get('records', { ...filters(), from: inputs.from.value, at: at.hidden ? '' : position(), cursor }, signal);
      if (mine !== turn) return;
      shown = cursor ? [...shown, ...part.records] : part.records;
      draw(part);
    } catch (error) {
      if (signal.aborted || mine !== turn) return;
      fill(place, failure(error));
    }
    place.setAttribute('aria-busy', 'false');
  }

  function draw(part) {
    fill(place, part.unanswered.length ? failure({ message: silent(part.unanswered) + 'records are missing here.' }) : null, recordTable(topic, shown), h('div', { class: 'pager' },
      h('span', {}, plural(shown.length, 'record') + (part.scanned > part.records.length ? ', the last ' + part.records.length + ' of ' + count(part.scanned) + ' that were read' : '')),
      part.cursor ? h('button', { onclick: () => read(part.cursor) }, inputs.from.value === 'newest' ? 'Older ones' : 'Later ones') : null));
  }

  function startTail() {
    turn++;
    shown = [];
    place.setAttribute('aria-busy', 'false');
    let skipped = 0;
    let cursor = '';
    const rows = h('div');
    const told = h('p', { class: 'pager' }, 'Waiting for records …');
    const end = new AbortController();
    tail = { stop: () => end.abort() };
    tailButton.setAttribute('aria-pressed', 'true');
    tailButton.textContent = 'Stop following';
    fill(place, told, rows);
    const given = Object.entries(filters());
    follow('tail', () => Object.fromEntries([...given, ['cursor', cursor]].filter(([, value]) => value !== '')), {
      begun: () => { told.textContent = 'Following; new records come first.'; },
      records: event => {
        skipped += event.skipped;
        cursor = event.cursor;
        if (!event.records.length) return;
        shown = [...event.records.reverse(), ...shown].slice(0, KEPT);
        fill(rows, recordTable(topic, shown));
        told.textContent = 'Following; new records come first.' + (skipped ? ' ' + count(skipped) + ' are left out, because they come too fast.' : '');
      },
      failed: text => { told.textContent = text; },
      busy: () => { told.textContent = 'Too many pages follow this broker already.'; },
      lost: () => { told.textContent = 'The connection is lost; trying again …'; },
    }, end.signal);
  }

  function stopTail() {
    tail?.stop();
    tail = undefined;
    tailButton.setAttribute('aria-pressed', 'false');
    tailButton.textContent = 'Follow the tail';
  }

  signal.addEventListener('abort', stopTail);
  broker().then(known => {
    if (known.write && !topic.startsWith('__')) fill(sender, h('button', { type: 'button', onclick: () => send(topic, () => read()) }, 'Send a record'));
  }, () => {});
  fill(root, h('form', { class: 'bar-of-tools filters', onsubmit: event => { event.preventDefault(); read(); } },
    h('label', {}, 'From', inputs.from), at, h('label', {}, 'Partition', inputs.partition),
    h('label', {}, 'Key contains', inputs.key), h('label', {}, 'Value contains', inputs.value), h('label', {}, 'Header contains', inputs.header),
    h('label', { class: 'check' }, inputs.uncommitted, 'Not committed ones too'),
    h('button', { class: 'main' }, 'Read'), tailButton, h('span', { class: 'space' }), sender), place);
  read();
}

const recordTable = (topic, rows) => table({
  caption: 'Records of ' + topic,
  none: 'No record is like that.',
  columns: [
    { title: 'Time', short: true, number: true, cell: each => time(each.timestamp) },
    { title: 'Partition', number: true, cell: each => each.partition },
    { title: 'Offset', number: true, cell: each => h('button', { class: 'plain', title: 'Show the record', onclick: () => closeUp(topic, each) }, count(each.offset)) },
    { title: 'Key', short: true, cell: each => preview(each.key) },
    { title: 'Value', wide: true, cell: each => preview(each.value) },
    { title: 'Headers', number: true, cell: each => each.headers.length + (each.moreHeaders ?? 0) || '' },
  ],
  rows,
});
