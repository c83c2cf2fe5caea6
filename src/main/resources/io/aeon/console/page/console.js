// The frame: which page the address names, and what is told on all pages.

import { every, get } from './api.js';
import { failure, fill } from './dom.js';
import { broker } from './state.js';

const PAGES = {
  '': 'overview', topics: 'topics', topic: 'topic', groups: 'groups', group: 'group',
  transactions: 'transactions', settings: 'settings', 'log-dirs': 'log-dirs', problems: 'problems',
};
const SECTION = { topic: 'topics', group: 'groups' };
const main = document.getElementById('main');
let end = new AbortController();

/** The parts of the address behind #/, decoded. */
function parts() {
  try {
    return location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  } catch {
    return ['missing'];
  }
}

async function show() {
  end.abort();
  end = new AbortController();
  const { signal } = end;
  const [name, ...rest] = parts();
  for (const link of document.querySelectorAll('nav a')) {
    const current = link.getAttribute('href') === '#/' + (SECTION[name] ?? name);
    current ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  }
  try {
    const page = await import('./pages/' + (PAGES[name] ?? 'missing') + '.js');
    if (signal.aborted) return;
    document.title = page.title(...rest) + ' · Aeon';
    page.show(fill(main), rest, signal);
    main.dataset.shown = name;
  } catch (error) {
    if (!signal.aborted) fill(main, failure(error));
  }
}

addEventListener('hashchange', () => {
  show();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});

addEventListener('keydown', event => {
  const typing = event.target.closest?.('input, textarea, select, dialog');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector('[data-search]');
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});

broker().then(known => {
  document.getElementById('node').textContent = 'node ' + known.nodeId + ' · ' + known.version + (known.write ? '' : ' · read-only');
}, () => {});

const badge = document.getElementById('problems');
every(20000, async () => {
  try {
    const found = await get('problems');
    badge.textContent = found.length;
    badge.hidden = found.length === 0;
  } catch {
    badge.hidden = true;
  }
}, new AbortController().signal);

show();
