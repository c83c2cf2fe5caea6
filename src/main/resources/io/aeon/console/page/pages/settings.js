// Effective settings, each with where its value comes from.

import { get } from '../api.js';
import { field, form } from '../dialog.js';
import { failure, fill, h, notice } from '../dom.js';
import { table } from '../table.js';

export const title = () => 'Settings';

export function show(root, rest, signal) {
  const place = h('div');
  fill(root, h('h1', {}, 'Settings'), h('p', { class: 'muted' }, 'Kafka’s settings of this broker as they are in effect. Those under aeon { } that differ from their defaults are in the first lines of the log.'), place);
  settingsTable(place, 'settings', {}, 'Settings of this broker', null, signal);
}

/**
 * Shows the settings at a path.
 *
 * @param change takes the name and the new value of a setting, null for the default one, and returns what to tell; null if
 *     nothing can be changed
 */
export async function settingsTable(root, path, parameters, caption, change, signal) {
  const place = h('div', {}, h('p', { class: 'muted' }, 'Loading …'));
  const search = h('input', { type: 'search', 'data-search': true, autocomplete: 'off', spellcheck: 'false', oninput: () => draw() });
  const changedOnly = h('input', { type: 'checkbox', onchange: () => draw() });
  let all = [];
  fill(root, h('div', { class: 'bar-of-tools' }, h('label', {}, 'Search', search), h('label', { class: 'check' }, changedOnly, 'Only those that are not the default')), place);

  async function load() {
    try {
      all = await get(path, parameters, signal);
      draw();
    } catch (error) {
      if (!signal.aborted) fill(place, failure(error));
    }
  }

  function draw() {
    const wanted = search.value.trim().toLowerCase();
    const rows = all.filter(each => (!changedOnly.checked || !each.usual) && (each.name.includes(wanted) || (each.value ?? '').toLowerCase().includes(wanted)));
    fill(place, table({
      caption,
      none: 'No setting is like that.',
      columns: [
        { title: 'Setting', cell: name },
        { title: 'Value', wide: true, cell: each => (each.secret ? h('span', { class: 'muted' }, 'secret') : h('span', { class: 'code' }, each.value ?? '')) },
        { title: 'From', short: true, cell: each => h('span', { class: each.usual ? 'muted' : null }, each.source) },
        change && { title: '', short: true, cell: each => edit(each) },
      ].filter(Boolean),
      rows,
    }));
  }

  const edit = setting => [
    h('button', { class: 'plain', 'aria-label': 'Change ' + setting.name, onclick: () => form({
      title: setting.name,
      intro: setting.documentation,
      fields: [field('value', 'Value', { value: setting.value ?? '' })],
      verb: 'Change',
      action: given => change(setting.name, given.value),
      done: load,
    }) }, 'Change'),
    setting.own ? [' · ', h('button', { class: 'plain', 'aria-label': 'Reset ' + setting.name, onclick: () => reset(setting.name) }, 'Reset')] : null,
  ];

  async function reset(setting) {
    try {
      notice(await change(setting, null));
      load();
    } catch (error) {
      notice(error.message);
    }
  }

  load();
}

const name = setting => (setting.documentation
  ? h('details', {}, h('summary', { class: 'code' }, setting.name), h('p', { class: 'small muted' }, setting.documentation.replace(/<[^>]*>/g, '')))
  : h('span', { class: 'code' }, setting.name));
