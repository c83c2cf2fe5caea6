// What all pages know of the broker.

import { get } from './api.js';

let known;

/** The overview, asked for once unless it is to be fresh. */
export function broker(fresh = false) {
  if (fresh || !known) {
    known = get('overview');
    known.catch(() => { known = undefined; });
  }
  return known;
}
