// How the pages talk to the broker.

/** The data at a path. Parameters without a value are left out. */
export async function get(path, parameters = {}, signal) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false);
  const query = new URLSearchParams(given).toString();
  return answer(await fetch('/api/' + path + (query ? '?' + query : ''), { signal }));
}

export async function post(path, body) {
  return answer(await fetch('/api/' + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }));
}

async function answer(response) {
  if (!response.ok) throw new Error((await response.text()).trim() || 'The broker answers ' + response.status + '.');
  return response.json();
}

/**
 * Follows a stream of events until the signal. Listeners by the event's name get its data. The broker ends a stream after
 * some minutes; then another one goes on, with the parameters of that moment.
 */
export function follow(path, parameters, listeners, signal) {
  if (signal.aborted) return;
  const query = new URLSearchParams(parameters()).toString();
  const source = new EventSource('/api/' + path + (query ? '?' + query : ''));
  for (const [name, listener] of Object.entries(listeners)) {
    if (name === 'lost') source.onerror = listener;
    else source.addEventListener(name, event => listener(JSON.parse(event.data)));
  }
  source.addEventListener('busy', () => source.close());
  source.addEventListener('over', () => {
    source.close();
    follow(path, parameters, listeners, signal);
  });
  signal.addEventListener('abort', () => source.close());
}

/** Runs the work now, and again some time after each run while the page is seen, until the signal. */
export function every(milliseconds, work, signal) {
  let timer;
  const run = async () => {
    clearTimeout(timer);
    if (signal.aborted) return;
    if (!document.hidden) await work();
    if (!signal.aborted) timer = setTimeout(run, milliseconds);
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  document.addEventListener('visibilitychange', () => { if (!document.hidden) run(); }, { signal });
  return run();
}
