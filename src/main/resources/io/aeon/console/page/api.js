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

const AGAIN_MS = 3000;

/**
 * Follows a stream of events until the signal, or until the broker says that it is busy, that following has failed, or
 * by its status that there is nothing to follow.
 * Listeners by the event's name get its data; that of "lost" is called when the connection is. The broker ends a stream
 * after some minutes. Then, and after a lost connection, another one goes on, with the parameters of that moment: the
 * browser itself would ask again with the first ones. A page that nobody sees follows nothing: a browser opens only six
 * connections to a server.
 */
export function follow(path, parameters, listeners, signal) {
  if (signal.aborted) return;
  const again = () => follow(path, parameters, listeners, signal);
  if (document.hidden) {
    document.addEventListener('visibilitychange', again, { once: true, signal });
    return;
  }
  const query = new URLSearchParams(parameters()).toString();
  const source = new EventSource('/api/' + path + (query ? '?' + query : ''));
  const end = () => {
    source.close();
    signal.removeEventListener('abort', end);
    document.removeEventListener('visibilitychange', pause);
  };
  const pause = () => {
    end();
    again();
  };
  for (const [name, listener] of Object.entries(listeners)) {
    if (name !== 'lost') source.addEventListener(name, event => listener(JSON.parse(event.data)));
  }
  source.addEventListener('busy', end);
  source.addEventListener('failed', end);
  source.addEventListener('over', () => {
    end();
    again();
  });
  source.onerror = () => {
    const refused = source.readyState === EventSource.CLOSED;
    end();
    if (refused) {
      listeners.failed?.('The broker refuses to go on: what was followed here may be deleted.');
      return;
    }
    listeners.lost?.();
    setTimeout(again, AGAIN_MS);
  };
  signal.addEventListener('abort', end);
  document.addEventListener('visibilitychange', pause);
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
