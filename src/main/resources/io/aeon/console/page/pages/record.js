// One record, as JSON, text or hexadecimal bytes.

import { get } from '../api.js';
import { closeButton, open } from '../dialog.js';
import { failure, fill, h } from '../dom.js';
import { bytes, count, plural, time } from '../format.js';
import { table } from '../table.js';
import { tabs } from '../tabs.js';

const ROW = 16;
const MOST_HEX = 16 << 10;

/** The beginning of a key or a value. */
export function preview(content) {
  if (!content) return h('span', { class: 'muted' }, 'null');
  return h('span', { class: 'preview' }, content.text ?? hex(decoded(content).slice(0, ROW * 2), ' '), content.cut ? ' …' : null);
}

/** Shows all of a record. */
export function closeUp(topic, record) {
  const end = new AbortController();
  const place = h('div', {}, h('p', { class: 'muted' }, 'Reading …'));
  open(topic + ', partition ' + record.partition + ', offset ' + count(record.offset), place, closeButton());
  place.closest('dialog').addEventListener('close', () => end.abort());
  get('record', { topic, partition: record.partition, offset: record.offset }, end.signal)
    .then(whole => draw(place, whole, end.signal), error => { if (!end.signal.aborted) fill(place, failure(error)); });
}

function draw(place, record, signal) {
  const value = h('div');
  fill(place,
    h('p', { class: 'small muted' }, time(record.timestamp) + ' (' + record.timestampType + ')'),
    h('h3', {}, 'Key'), h('pre', { class: 'content', tabindex: '0' }, whole(record.key)),
    record.headers.length ? [h('h3', {}, 'Headers'), table({
      caption: 'Headers',
      columns: [{ title: 'Name', cell: each => each.key }, { title: 'Value', cell: each => h('span', { class: 'code' }, whole(each.value)) }],
      rows: record.headers,
    }), record.moreHeaders ? h('p', { class: 'muted small' }, plural(record.moreHeaders, 'more header') + ' …') : null] : null,
    h('h3', {}, 'Value', record.value ? h('span', { class: 'muted small' }, ' ' + bytes(record.value.size)) : null), value);
  if (!record.value) {
    fill(value, h('p', { class: 'muted' }, 'null: in a compacted topic it deletes the key'));
    return;
  }
  const json = parsed(record.value.text);
  const show = text => panel => fill(panel, h('pre', { class: 'content', tabindex: '0' }, text), record.value.cut ? h('p', { class: 'muted small' }, 'The first megabyte.') : null);
  tabs(value, [
    json !== undefined && { name: 'json', title: 'JSON', show: show(JSON.stringify(json, null, 2)) },
    record.value.text !== undefined && { name: 'text', title: 'Text', show: show(record.value.text) },
    { name: 'hex', title: 'Hex', show: show(dump(decoded(record.value))) },
  ].filter(Boolean), null, () => {}, signal);
}

const whole = content => (content ? content.text ?? hex(decoded(content).slice(0, MOST_HEX), ' ') : 'null');

function parsed(text) {
  if (!/^\s*[[{]/.test(text ?? '')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const decoded = content => (content.text !== undefined ? new TextEncoder().encode(content.text) : Uint8Array.from(atob(content.base64), each => each.charCodeAt(0)));
const hex = (content, between) => Array.from(content, each => each.toString(16).padStart(2, '0')).join(between);

/** Lines of sixteen bytes, with the characters beside them. */
function dump(content) {
  const lines = [];
  for (let at = 0; at < Math.min(content.length, MOST_HEX); at += ROW) {
    const row = content.slice(at, at + ROW);
    const characters = Array.from(row, each => (each >= 32 && each < 127 ? String.fromCharCode(each) : '.')).join('');
    lines.push(at.toString(16).padStart(6, '0') + '  ' + hex(row, ' ').padEnd(ROW * 3) + ' ' + characters);
  }
  if (content.length > MOST_HEX) lines.push('… ' + count(content.length - MOST_HEX) + ' bytes more');
  return lines.join('\n');
}
