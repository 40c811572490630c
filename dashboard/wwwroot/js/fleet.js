// What every page does beyond its HTML. Each page works without it: times are UTC, links and forms are plain.
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

  // ---- Times in the viewer's zone -------------------------------------------------------------------------------

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
      if (Number.isNaN(date.getTime())) continue;
      element.textContent = timeText(date, element.dataset.time);
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

  // Empty fields would only make the URL longer.
  function dropEmpty(event) {
    for (const name of ['q']) {
      if (event.formData.get(name) === '') event.formData.delete(name);
    }
  }

  // ---- Colours ----------------------------------------------------------------------------------------------------

  document.addEventListener('submit', (event) => {
    const form = event.target;
    const choice = event.submitter;
    if (!form.matches('.theme-switch') || !choice) return;
    event.preventDefault();
    document.documentElement.dataset.theme = choice.value;
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button === choice));
    fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form, choice)), headers: { 'HX-Request': 'true' } })
      .catch(() => toast('The choice could not be kept: the dashboard does not answer.'));
  });

  // ---- Player -----------------------------------------------------------------------------------------------------

  function markPlaying(url) {
    for (const link of document.querySelectorAll('[data-play]')) link.classList.toggle('is-playing', link.getAttribute('href') === url);
  }

  function play(link) {
    const player = document.getElementById('player');
    const audio = player.querySelector('audio');
    const row = link.closest('li, tr');
    player.querySelector('.player-title').textContent = link.dataset.title;
    player.querySelector('.player-sub').textContent = row?.querySelector('.speech')?.textContent.trim() ?? '';
    player.hidden = false;
    audio.src = link.getAttribute('href');
    audio.play().catch(() => {});
    markPlaying(link.getAttribute('href'));
  }

  function closePlayer() {
    const player = document.getElementById('player');
    player.querySelector('audio').pause();
    player.hidden = true;
    markPlaying('');
  }

  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest('[data-play]');
    if (link && document.getElementById('player')) {
      event.preventDefault();
      play(link);
    } else if (event.target.closest('[data-player-close]')) {
      closePlayer();
    } else if (event.target.closest('[data-back]') && document.referrer.startsWith(location.origin + '/history') && history.length > 1) {
      event.preventDefault();
      history.back(); // With the search, the filters and the place on the page.
    }
    for (const picker of document.querySelectorAll('details.picker[open]')) {
      if (!picker.contains(event.target)) picker.open = false;
    }
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      for (const picker of document.querySelectorAll('details.picker[open]')) {
        picker.open = false;
        picker.querySelector('summary').focus();
      }
    } else if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.target.closest('input, textarea, select')) {
      const search = document.getElementById('q');
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });

  document.addEventListener('error', (event) => {
    if (event.target.matches?.('#player audio') && event.target.getAttribute('src')) toast('The audio could not be played: it is gone, or the database is away.');
  }, true);

  // ---- Partial updates ----------------------------------------------------------------------------------------------

  let toastTimer;

  function toast(text) {
    let element = document.getElementById('toast');
    if (!element) {
      element = Object.assign(document.createElement('div'), { id: 'toast', className: 'toast' });
      element.setAttribute('role', 'status');
      document.body.append(element);
    }
    element.textContent = text;
    element.hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { element.hidden = true; }, 6000);
  }

  // An answer without the part that was asked for (an error of the server) must not empty the page.
  document.addEventListener('htmx:before:swap', (event) => {
    const ctx = event.detail.ctx;
    if (ctx?.select && ctx.response?.status >= 400 && !ctx.text.includes(`id="${ctx.select.slice(1)}"`)) {
      event.preventDefault();
      toast('The dashboard could not answer. It may be restarting.');
    }
  });

  document.addEventListener('htmx:error', () => toast('The dashboard does not answer. Trying again.'));

  function updatePickerText(form) {
    const chosen = [...form.querySelectorAll('input[name="device"]:checked')];
    form.querySelector('.picker summary span').textContent =
      chosen.length === 0 ? 'All devices' : chosen.length === 1 ? chosen[0].value : `${chosen.length} devices`;
  }

  document.addEventListener('change', (event) => {
    const form = event.target.closest('form.filters');
    if (form && event.target.name === 'device') updatePickerText(form);
  });

  function enhance(root) {
    localizeTimes(root);
    localizeInputs(root);
    for (const form of root.querySelectorAll('form.filters')) form.addEventListener('formdata', dropEmpty);
  }

  document.addEventListener('htmx:after:swap', () => enhance(document));
  setInterval(() => localizeTimes(document), 30_000);
  document.documentElement.classList.add('has-script');
  enhance(document);

  // A link from another site comes without the strict cookie. Asked from here, the server knows whether the sign-in is needed.
  const signIn = document.querySelector('.sign-in[data-return-url]');
  if (signIn && !signIn.querySelector('[role=alert]')) {
    fetch('/session', { headers: { Accept: 'application/json' } })
      .then((response) => { if (response.status === 204) location.replace(signIn.dataset.returnUrl); })
      .catch(() => {});
  }

  window.fleet = { localizeTimes, toast };
})();
