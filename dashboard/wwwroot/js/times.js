// Times: the server writes UTC, the viewer reads the time of the place where they are.
(() => {
  'use strict';

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const formats = {
    time: new Intl.DateTimeFormat(undefined, { ...clock, second: '2-digit' }),
    day: new Intl.DateTimeFormat(undefined, { ...clock, month: 'short', day: 'numeric' }),
    year: new Intl.DateTimeFormat(undefined, { ...clock, month: 'short', day: 'numeric', second: '2-digit' }),
    old: new Intl.DateTimeFormat(undefined, { ...clock, month: 'short', day: 'numeric', year: 'numeric' }),
    full: new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' }),
  };
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

  function ago(date) {
    const seconds = Math.round((date - Date.now()) / 1000);
    const steps = [[60, 'second', 1], [3600, 'minute', 60], [86400, 'hour', 3600], [Infinity, 'day', 86400]];
    const [, unit, size] = steps.find(([limit]) => Math.abs(seconds) < limit);
    return relative.format(Math.round(seconds / size), unit);
  }

  function timeText(date, style) {
    if (style === 'ago') return ago(date);
    if (style === 'time') return date.toDateString() === new Date().toDateString() ? formats.time.format(date) : formats.day.format(date);
    return (date.getFullYear() === new Date().getFullYear() ? formats.year : formats.old).format(date);
  }

  function localizeTimes(root) {
    for (const element of root.querySelectorAll('time[data-time]')) {
      const date = new Date(element.dateTime);
      if (!element.dateTime || Number.isNaN(date.getTime())) continue;
      const text = timeText(date, element.dataset.time);
      if (element.textContent !== text) element.textContent = text;
      element.title = formats.full.format(date);
    }
  }

  // ---- Time filters: shown in the viewer's zone, sent as UTC ----------------------------------------------------

  const pad = (number) => String(number).padStart(2, '0');
  const toLocalValue = (date) =>
    `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;

  function localizeInputs(root) {
    for (const input of root.querySelectorAll('input[data-utc]')) {
      if (!input.name) continue;
      const sent = document.createElement('input');
      sent.type = 'hidden';
      sent.name = input.name;
      sent.value = input.dataset.utc;
      sent.disabled = !sent.value;
      input.removeAttribute('name');
      input.value = sent.value ? toLocalValue(new Date(sent.value)) : '';
      input.after(sent);
      input.addEventListener('input', () => {
        const date = new Date(input.value);
        sent.value = input.value && !Number.isNaN(date.getTime()) ? date.toISOString().replace(/:00\.000Z$/, 'Z') : '';
        sent.disabled = !sent.value;
      });
    }
    for (const label of root.querySelectorAll('[data-zone]')) label.textContent = zone.replaceAll('_', ' ');
  }

  setInterval(() => localizeTimes(document), 30_000);
  localizeTimes(document);
  localizeInputs(document);
  Object.assign(window.fleet, { localizeTimes, localizeInputs });
})();
