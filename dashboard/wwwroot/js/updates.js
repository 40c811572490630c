// Partial updates by htmx: what happens to focus, to the URL, to errors, and to what got old.
(() => {
  'use strict';

  const fleet = window.fleet;

  // ---- Errors and age ---------------------------------------------------------------------------------------------

  const staleAfter = 15_000; // Milliseconds: three answers in a row that did not come.
  let fresh = Date.now();
  let isSaid = false;

  function failed(source) {
    if (source?.id !== 'overview') fleet.toast('The dashboard does not answer. Try again.');
  }

  // An answer without the part that was asked for (an error of the server) must not empty the page.
  document.addEventListener('htmx:before:swap', (event) => {
    const ctx = event.detail.ctx;
    if (ctx?.select && ctx.response?.status >= 400 && !ctx.text.includes(`id="${ctx.select.slice(1)}"`)) {
      event.preventDefault();
      failed(ctx.sourceElement);
    }
  });

  document.addEventListener('htmx:error', (event) => {
    if (event.target.id === 'live-feed') return;
    document.getElementById('results')?.removeAttribute('aria-busy');
    failed(event.target);
  });

  setInterval(() => {
    const stale = document.getElementById('overview-stale');
    if (!stale) return;
    stale.hidden = Date.now() - fresh < staleAfter;
    if (stale.hidden) {
      isSaid = false;
      return;
    }
    stale.querySelector('time').dateTime = new Date(fresh).toISOString();
    fleet.localizeTimes(stale);
    if (!isSaid) fleet.toast('The dashboard does not answer. What is shown may be old.'); // Once, for those who listen.
    isSaid = true;
  }, 1_000);

  // ---- Focus: what was focused still is, or what took its place, or the page ----------------------------------------

  let focused = null;

  document.addEventListener('htmx:before:swap', () => {
    const element = document.activeElement;
    focused = element && element !== document.body
      ? { id: element.id, href: element.getAttribute('href'), element }
      : null;
  });

  function keepFocus() {
    if (!focused || focused.element.isConnected || document.activeElement !== document.body) return;
    const { id, href } = focused;
    const again = (id && document.getElementById(id)) || (href && document.querySelector(`a[href="${CSS.escape(href)}"]`));
    (again || document.getElementById('main')).focus({ preventScroll: true });
    focused = null;
  }

  // ---- Search: a line of the browser's history for each filter, not for each letter ---------------------------------

  let isTyping = false;

  document.addEventListener('htmx:before:request', (event) => {
    const ctx = event.detail.ctx;
    if (!ctx.sourceElement.matches?.('form.filters')) return;
    isTyping = ctx.sourceEvent?.type === 'input';
    document.getElementById('results')?.setAttribute('aria-busy', 'true');
  });

  document.addEventListener('htmx:before:history:update', (event) => {
    const action = event.detail.history;
    if (event.detail.sourceElement.matches?.('form.filters') && !isTyping && action.path !== location.pathname + location.search) action.type = 'push';
  });

  // Said when the results stand: one who cannot see them knows that there are new ones, and how many.
  function sayResults() {
    const said = document.getElementById('results-said');
    const results = document.getElementById('results');
    if (said && results) said.textContent = results.querySelector('[data-said], h2')?.textContent.trim() ?? '';
  }

  // Leaving the field says nothing that typing has not said. Asked again, the answer would put new rows under a mouse button
  // that is down on one, and the click would be nobody's.
  document.addEventListener('change', (event) => {
    if (event.target.matches('form.filters #q')) event.stopPropagation();
  }, true);

  // Empty fields would only make the URL longer.
  function dropEmpty(event) {
    if (event.formData.get('q') === '') event.formData.delete('q');
  }

  function updatePickerText(form) {
    const chosen = [...form.querySelectorAll('input[name="device"]:checked')];
    form.querySelector('.picker summary span').textContent =
      chosen.length === 0 ? 'All devices' : chosen.length === 1 ? chosen[0].value : `${chosen.length} devices`;
  }

  document.addEventListener('change', (event) => {
    const form = event.target.closest('form.filters');
    if (form && event.target.name === 'device') updatePickerText(form);
  });

  for (const form of document.querySelectorAll('form.filters')) form.addEventListener('formdata', dropEmpty);

  document.addEventListener('htmx:after:swap', (event) => {
    const source = event.detail.ctx?.sourceElement;
    if (source?.id === 'overview') fresh = Date.now();
    if (source?.matches?.('form.filters')) {
      sayResults();
      fleet.retryLater(); // The database may be away by now.
    }
    fleet.localizeTimes(document);
    fleet.localizeInputs(document);
    fleet.markPlaying();
    keepFocus();
  });
})();
