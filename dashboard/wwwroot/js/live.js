// The live feed: where an arriving row goes, and what the page says about its connection.
(() => {
  'use strict';

  const feed = document.getElementById('live-feed');
  if (!feed) return;

  const pill = document.getElementById('live-state');
  const late = document.getElementById('live-late');
  const texts = {
    connecting: 'Connecting…',
    live: 'Live',
    'database-away': 'Database away',
    broken: 'Connection lost, trying again…',
  };
  let lateCount = 0;

  function show(state) {
    if (pill.dataset.state === state) return;
    pill.dataset.state = state;
    pill.querySelector('.pill-text').textContent = texts[state];
  }

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
    while (feed.children.length > Number(feed.dataset.max)) feed.lastElementChild.remove();
  }

  htmx.registerExtension('fleet-feed', {
    handle_swap: (style, target, fragment) => {
      if (style !== 'fleet-feed') return false;
      window.fleet.localizeTimes(fragment);
      const rows = [...fragment.children];
      rows.forEach(place);
      return rows.filter((row) => row.isConnected);
    },
  });

  feed.addEventListener('htmx:sse:after:connection', () => show('live'));
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
