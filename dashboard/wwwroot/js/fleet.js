// What every page does beyond its HTML. Each page works without it: times are UTC, links and forms are plain.
(() => {
  'use strict';

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

  // ---- Menus and keys -----------------------------------------------------------------------------------------------

  const openPickers = () => document.querySelectorAll('details.picker[open]');

  document.addEventListener('click', (event) => {
    for (const picker of openPickers()) {
      if (!picker.contains(event.target)) picker.open = false;
    }
    const back = event.target.closest('[data-back]');
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (back && isPlain && document.referrer.startsWith(location.origin + '/history') && history.length > 1) {
      event.preventDefault();
      history.back(); // With the search, the filters and the place on the page.
    }
  });

  document.addEventListener('focusout', (event) => {
    const picker = event.target.closest('details.picker[open]');
    if (picker && event.relatedTarget && !picker.contains(event.relatedTarget)) picker.open = false;
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      for (const picker of openPickers()) {
        picker.open = false;
        picker.querySelector('summary').focus();
        event.preventDefault(); // One key, one thing: the player stays.
      }
    } else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      const search = document.getElementById('q');
      if (!search) location.assign('/history#q');
      search?.focus();
      search?.select();
    }
  });

  // ---- Short messages -------------------------------------------------------------------------------------------------

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

  // ---- The way in and the way back -----------------------------------------------------------------------------------

  // A link from another site comes without the strict cookie. Asked from here, the server knows whether the sign-in is needed.
  const signIn = document.querySelector('.sign-in[data-return-url]');
  if (signIn && !signIn.querySelector('[role=alert]')) {
    fetch('/session', { headers: { Accept: 'application/json' } })
      .then((response) => { if (response.status === 204) location.replace(signIn.dataset.returnUrl); })
      .catch(() => {});
  }

  // A page that could not be shown comes back by itself, and not before it can be shown: what one reads does not blink.
  let retryTimer;

  function retry() {
    fetch(location.href, { headers: { Accept: 'text/html' } })
      .then((response) => { if (response.status !== 503) location.reload(); else retryLater(); })
      .catch(retryLater);
  }

  function retryLater() {
    clearTimeout(retryTimer);
    if (document.querySelector('[data-retry]')) retryTimer = setTimeout(retry, 3_000);
  }

  retryLater();

  document.documentElement.classList.add('has-script');
  if (location.hash === '#q') document.getElementById('q')?.focus();
  window.fleet = { toast, retryLater };
})();
