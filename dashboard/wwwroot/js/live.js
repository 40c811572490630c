// The live feed: where an arriving row goes, and what the page says about its connection.
(() => {
  'use strict';

  const feed = document.getElementById('live-feed');
  if (!feed) return;

  const pill = document.getElementById('live-state');
  const late = document.getElementById('live-late');
  const said = document.getElementById('live-said');
  const stale = document.getElementById('live-stale');
  const pause = document.getElementById('live-pause');
  const texts = {
    connecting: 'Connecting…',
    live: 'Live',
    broken: 'Reconnecting…',
    offline: 'You are offline',
    'database-away': 'Database away',
  };
  const staleAfter = 3_000; // Milliseconds: a short break needs no words.
  const sayEvery = 5_000; // Milliseconds: the feed must not talk without a pause.
  const silence = 2_500 * Number(feed.dataset.beatSeconds); // Milliseconds: two beats have not come.
  let lateCount = 0;
  let lastGood = Date.now();
  let lastHeard = Date.now();
  let unsaid = []; // Of each row: its id and the sentence.
  let saidOf = null; // The id of the row whose words were said last.
  let held = null; // While paused: rows by their ids, the newest state of each.

  // ---- The connection -----------------------------------------------------------------------------------------

  function show(state) {
    if (state === 'broken' && !navigator.onLine) state = 'offline';
    if (pill.dataset.state === state) return;
    if (pill.dataset.state === 'live') lastGood = Date.now();
    pill.dataset.state = state;
    pill.querySelector('.pill-text').textContent = texts[state];
  }

  function tick() {
    const isStale = pill.dataset.state !== 'live' && Date.now() - lastGood > staleAfter;
    stale.hidden = !isStale;
    if (isStale) {
      const time = stale.querySelector('time');
      time.dateTime = new Date(lastGood).toISOString();
      window.fleet.localizeTimes(stale);
    }
    // A cable that was pulled ends no connection: only the beats stay away.
    const reader = feed._htmx?.sse?.reader;
    if (reader && Date.now() - lastHeard > silence) {
      lastHeard = Date.now();
      reader.cancel();
    }
  }

  setInterval(tick, 1_000);
  addEventListener('offline', () => show('offline'));
  addEventListener('online', () => { if (pill.dataset.state === 'offline') feed._htmx?.sse?.reader?.cancel(); });

  // ---- For those who listen: one sentence at a time -----------------------------------------------------------------

  function say() {
    if (unsaid.length === 0) return;
    const last = unsaid[unsaid.length - 1];
    said.textContent = unsaid.length === 1 ? last.sentence : `${unsaid.length} new transcripts. ${last.sentence}`;
    saidOf = last.id;
    unsaid = [];
  }

  setInterval(say, sayEvery);

  function note(row) {
    if (row.dataset.status !== 'transcribed') return;
    const text = row.querySelector('.speech').textContent.trim();
    const sentence = `${row.querySelector('.device').textContent.trim()}: ${text.length > 120 ? `${text.slice(0, 120)}…` : text}`;
    unsaid.push({ id: row.id, sentence });
  }

  // ---- Rows -----------------------------------------------------------------------------------------------------

  // Newest first, by the utterance's id, which sorts by time: compared as text, since it is fixed-width hexadecimal.
  function place(row) {
    const old = document.getElementById(row.id);
    if (old) {
      const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
      row.classList.remove('is-new');
      old.replaceWith(row);
      if (focused) row.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
      return;
    }

    const before = [...feed.children].find((other) => other.dataset.order < row.dataset.order);
    if (!before && feed.children.length >= 50) {
      // Said before everything shown here: a device has sent what it kept while it was away.
      lateCount++;
      late.textContent = lateCount === 1 ? 'One older utterance has arrived late.' : `${lateCount} older utterances have arrived late.`;
      late.hidden = false;
      return;
    }

    feed.insertBefore(row, before ?? null);
    while (feed.children.length > Number(feed.dataset.max)) remove(feed.lastElementChild);
  }

  function remove(row) {
    const beside = row.previousElementSibling ?? row.nextElementSibling;
    if (row.contains(document.activeElement)) beside?.querySelector('a')?.focus({ preventScroll: true });
    row.remove();
  }

  // What was erased goes at once, also from a page that is held still.
  function erase(mark) {
    held?.delete(mark.id);
    const row = document.getElementById(mark.id);
    if (row) remove(row);
    unsaid = unsaid.filter((other) => other.id !== mark.id);
    if (saidOf === mark.id) said.textContent = '';
  }

  function hold(row) {
    held.set(row.id, row);
    if (held.size > Number(feed.dataset.max)) held.delete(held.keys().next().value);
    pause.querySelector('span').textContent = held.size === 1 ? 'Resume: 1 change' : `Resume: ${held.size} changes`;
  }

  pause.addEventListener('click', () => {
    const rows = held ? [...held.values()] : [];
    held = held ? null : new Map();
    pause.setAttribute('aria-pressed', String(held !== null));
    pause.querySelector('span').textContent = held ? 'Resume' : 'Pause';
    rows.forEach(place);
    window.fleet.markPlaying();
  });

  htmx.registerExtension('fleet-feed', {
    handle_swap: (style, target, fragment) => {
      if (style !== 'fleet-feed') return false;
      window.fleet.localizeTimes(fragment);
      [...fragment.children].filter((row) => row.dataset.erased !== undefined).forEach(erase);
      const rows = [...fragment.children].filter((row) => row.dataset.erased === undefined);
      if (held) {
        rows.forEach(hold);
        return [];
      }
      rows.forEach(place);
      rows.forEach(note);
      return rows.filter((row) => row.isConnected);
    },
  });

  // ---- What htmx says about the stream ----------------------------------------------------------------------------

  feed.addEventListener('htmx:sse:after:connection', () => { lastHeard = Date.now(); }); // Its first event says how the database is.
  feed.addEventListener('htmx:sse:before:message', () => { lastHeard = Date.now(); });
  feed.addEventListener('htmx:sse:before:connection', (event) => { if (event.detail.connection.attempt > 0) show('broken'); });
  feed.addEventListener('htmx:sse:error', (event) => {
    show('broken');
    if (event.detail.status === 401 || event.detail.status === 400) location.reload(); // Signed out, or a position that is not known any more.
  });
  feed.addEventListener('htmx:sse:close', () => show('broken'));
  feed.addEventListener('state', (event) => show(event.detail.data));
  feed.addEventListener('reset', () => location.reload());

  // The first connection is htmx's own request: an answer that is no stream must not become rows.
  let firstTry = 0;
  const again = () => {
    show('broken');
    setTimeout(() => htmx.ajax('GET', feed.getAttribute('hx-sse:connect'), { source: feed }), Math.min(4000, 500 * 2 ** firstTry++));
  };
  feed.addEventListener('htmx:before:swap', (event) => {
    const ctx = event.detail.ctx;
    if (ctx.response && ctx.response.status >= 400) {
      event.preventDefault();
      again();
    }
  });
  feed.addEventListener('htmx:error', again);

  // Leaving the page is no broken connection.
  addEventListener('pagehide', () => feed._htmx?.sse?.abortController?.abort());
  addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
})();
