import { fill, h } from '../dom.js';

export const title = () => 'No such page';
export const show = root => fill(root, h('h1', {}, 'There is no such page'), h('p', {}, h('a', { href: '#/' }, 'Overview')));
