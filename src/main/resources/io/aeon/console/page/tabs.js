// Tabs that the keyboard moves between with the arrows.

import { fill, h } from './dom.js';

/**
 * Shows tabs. Each has a name (a part of the address), a title, and a function that shows it with a signal for its end.
 *
 * @param moved called with the name of a tab that is chosen
 */
export function tabs(root, all, chosen, moved, signal) {
  let end = new AbortController();
  const panel = h('div', { role: 'tabpanel' });
  const buttons = all.map(tab => h('button', {
    role: 'tab', id: 'tab-' + tab.name, onclick: () => { choose(tab); moved(tab.name); },
  }, tab.title));

  function choose(tab) {
    end.abort();
    end = new AbortController();
    all.forEach((each, index) => {
      buttons[index].setAttribute('aria-selected', String(each === tab));
      buttons[index].tabIndex = each === tab ? 0 : -1;
    });
    panel.setAttribute('aria-labelledby', 'tab-' + tab.name);
    tab.show(fill(panel), end.signal);
  }

  const list = h('div', {
    role: 'tablist',
    onkeydown: event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (buttons.indexOf(document.activeElement) + step + all.length) % all.length;
      buttons[next].focus();
      buttons[next].click();
    },
  }, buttons);
  signal.addEventListener('abort', () => end.abort());
  fill(root, list, panel);
  choose(all.find(tab => tab.name === chosen) ?? all[0]);
}
