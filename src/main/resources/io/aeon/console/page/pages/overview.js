// The state of this broker at a glance.

import { every, follow } from '../api.js';
import { failure, fill, h } from '../dom.js';
import { bytes, count, duration, plural, rate, time } from '../format.js';
import { plot } from '../plot.js';
import { broker } from '../state.js';
import { table } from '../table.js';
import { problemList } from './problems.js';

const REFRESH = 10000;
const HOUR = 360;

export const title = () => 'Overview';

export function show(root, rest, signal) {
  const head = h('div');
  const problems = h('div');
  const figures = h('dl', { class: 'figures' });
  const plots = h('div', { class: 'plots' });
  const brokers = h('div');
  let moment;

  every(REFRESH, async () => {
    try {
      const known = await broker(true);
      if (signal.aborted) return;
      fill(head, h('h1', {}, 'Overview'), h('p', { class: 'muted' },
        'Cluster ', h('span', { class: 'code' }, known.clusterId), ' · Aeon ' + known.version + ' on JDK ' + known.jdk));
      fill(problems, known.problems.length ? [h('h2', {}, 'What is wrong'), problemList(known.problems)] : null);
      drawFigures(known);
      drawPlots(known);
      drawBrokers(known);
    } catch (error) {
      if (!signal.aborted) fill(head, h('h1', {}, 'Overview'), failure(error));
    }
  }, signal);

  follow('live', () => ({}), {
    moment: now => {
      moment = now;
      const latest = plots.querySelectorAll('[data-latest]');
      [rate(now.rates.recordsIn), bytes(now.rates.bytesIn) + '/s', bytes(now.rates.bytesOut) + '/s']
        .forEach((text, index) => { if (latest[index]) latest[index].textContent = text; });
      const heap = figures.querySelector('[data-heap]');
      if (heap) heap.textContent = bytes(now.memory.heapUsed);
    },
  }, signal);

  function drawFigures(known) {
    const memory = moment?.memory ?? known.memory;
    fill(figures,
      figure('State', known.problems.length ? h('span', { class: 'bad' }, plural(known.problems.length, 'problem')) : h('span', { class: 'good' }, 'Healthy'),
        'for ' + duration(Date.now() - known.begunMs) + ', since ' + time(known.begunMs).slice(0, 16)),
      figure('Topics', h('a', { href: '#/topics' }, count(known.topics)), plural(known.partitions, 'partition')),
      figure('Heap', h('span', { 'data-heap': true }, bytes(memory.heapUsed)), 'of ' + bytes(memory.heapMost)
        + (memory.anonymous ? '; process ' + bytes(memory.anonymous) : '')),
      figure('Flush mode', known.flush, flushWords[known.flush]));
  }

  function drawPlots(known) {
    const of = field => known.history.map(point => point[field]);
    const common = { most: HOUR, spanText: 'one hour' };
    fill(plots,
      plot({ ...common, title: 'Records in', values: of('recordsIn'), show: rate, latest: moment?.rates.recordsIn }),
      plot({ ...common, title: 'Bytes in', values: of('bytesIn'), show: value => bytes(value) + '/s', latest: moment?.rates.bytesIn }),
      plot({ ...common, title: 'Bytes out', values: of('bytesOut'), show: value => bytes(value) + '/s', latest: moment?.rates.bytesOut }));
  }

  function drawBrokers(known) {
    fill(brokers, h('h2', {}, 'Brokers'), table({
      caption: 'Brokers of the cluster',
      columns: [
        { title: 'Node', short: true, cell: each => each.id },
        { title: 'State', short: true, cell: each => h('span', { class: each.state === 'serving' ? 'good' : 'warn' }, each.state) },
        { title: 'Tells clients', wide: true, cell: each => Object.entries(each.addresses).map(([name, address]) => name + ' ' + address).join(', ') },
        { title: '', short: true, cell: each => each.self ? 'this one' : '' },
      ],
      rows: known.brokers,
    }), h('h2', {}, 'This broker'), table({
      caption: 'Where this broker listens and keeps its data',
      columns: [{ title: 'What', short: true, cell: row => row[0] }, { title: 'Where', wide: true, cell: row => h('span', { class: 'code' }, row[1]) }],
      rows: [
        ...known.listeners.map(each => ['Listener ' + each.name, each.host + ':' + each.port]),
        ...known.dataDirs.map(each => ['Data directory', each]),
      ],
    }));
  }

  fill(root, head, problems, figures, plots, brokers);
}

const flushWords = {
  sync: 'records are on the disk when acknowledged',
  interval: 'on the disk in time; with acks=all at once',
  os: 'the operating system writes when it likes',
};

const figure = (name, value, more) => h('div', { class: 'figure' }, h('dt', {}, name), h('dd', {}, value, h('div', { class: 'more' }, more)));
