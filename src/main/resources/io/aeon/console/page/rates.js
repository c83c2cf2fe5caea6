// Rates, from what has grown between two answers.

/** Remembers totals by name, and says how fast each grows: null before the second answer. */
export function rates() {
  let before = new Map();
  let now = new Map();
  const shown = new Map();
  return {
    note(totals) {
      const at = performance.now();
      before = now;
      now = new Map(totals.map(([name, total]) => [name, { total, at }]));
      for (const [name, { total }] of now) {
        const past = before.get(name);
        if (past && total !== undefined && past.total !== undefined) {
          shown.set(name, Math.max(0, total - past.total) / ((at - past.at) / 1000));
        } else shown.delete(name);
      }
    },
    of: name => shown.get(name),
  };
}
