// One curve over time, as a small figure with its latest value.

import { h } from './dom.js';

const WIDTH = 360;
const HEIGHT = 100;
const STEPS = [1, 2, 5, 10];

/**
 * A figure.
 *
 * @param values one for each step, the latest one last; there may be fewer than most
 * @param show from a value to text
 */
export function plot({ title, values, most, spanText, show, latest }) {
  const top = ceiling(Math.max(...values, 0));
  const x = index => ((most - values.length + index) / Math.max(1, most - 1)) * WIDTH;
  const y = value => HEIGHT - (value / top) * HEIGHT;
  const points = values.map((value, index) => x(index).toFixed(1) + ',' + y(value).toFixed(1));
  const curve = points.length > 1 ? 'M' + points.join('L') : '';
  const area = points.length > 1 ? curve + 'L' + WIDTH + ',' + HEIGHT + 'L' + x(0).toFixed(1) + ',' + HEIGHT + 'Z' : '';
  const average = values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
  const summary = title + ' over ' + spanText + ': ' + show(average) + ' on average, ' + show(Math.max(...values, 0)) + ' at most';
  return h('figure', { class: 'plot' },
    h('figcaption', {}, h('span', {}, title), h('strong', { 'data-latest': true }, show(latest ?? values.at(-1) ?? 0))),
    h('svg', { viewBox: '0 0 ' + WIDTH + ' ' + HEIGHT, preserveAspectRatio: 'none', role: 'img', 'aria-label': summary },
      [0, 0.5, 1].map(part => h('line', { class: 'grid', x1: 0, x2: WIDTH, y1: HEIGHT * part, y2: HEIGHT * part })),
      area && h('path', { class: 'area', d: area }),
      curve && h('path', { class: 'curve', d: curve })),
    h('div', { class: 'axis', 'aria-hidden': 'true' }, h('span', {}, spanText + ' ago'), h('span', {}, 'top ' + show(top)), h('span', {}, 'now')));
}

/** The next round number. */
function ceiling(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return STEPS.find(step => step * power >= value) * power;
}
