// Numbers, sizes and times as a person reads them.

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
export const NONE = '–';

export const count = value => (value === null || value === undefined ? NONE : grouped.format(value));

export function bytes(value) {
  if (value === null || value === undefined) return NONE;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return (unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)) + ' ' + UNITS[unit];
}

/** A number for each second. */
export function rate(value) {
  if (value === null || value === undefined) return NONE;
  return (value > 0 && value < 10 ? value.toFixed(1) : count(value)) + '/s';
}

/** A growth for each second, with its sign. */
export function growth(value) {
  if (value === null || value === undefined) return NONE;
  const whole = Math.round(value);
  return (whole > 0 ? '+' : whole < 0 ? '−' : '') + count(Math.abs(whole)) + '/s';
}

export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return NONE;
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return Math.round(milliseconds) + ' ms';
  if (seconds < 120) return seconds + ' s';
  if (seconds < 7200) return Math.floor(seconds / 60) + ' min';
  if (seconds < 172800) return Math.floor(seconds / 3600) + ' h';
  return Math.floor(seconds / 86400) + ' days';
}

/** A time in the browser's zone, to the millisecond. */
export function time(milliseconds) {
  if (milliseconds === null || milliseconds === undefined || milliseconds < 0) return NONE;
  const at = new Date(milliseconds);
  const two = value => String(value).padStart(2, '0');
  return at.getFullYear() + '-' + two(at.getMonth() + 1) + '-' + two(at.getDate()) + ' '
    + two(at.getHours()) + ':' + two(at.getMinutes()) + ':' + two(at.getSeconds()) + '.' + String(at.getMilliseconds()).padStart(3, '0');
}

export const plural = (number, one, several = one + 's') => count(number) + ' ' + (number === 1 ? one : several);

/** The beginning of a sentence about partitions that have not answered; what follows says what is missing. */
export const silent = partitions => (partitions.length === 1 ? 'Partition ' + partitions[0] + ' has' : 'Partitions ' + partitions.join(', ') + ' have')
  + ' not answered in time: ';
