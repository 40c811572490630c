// The bar that plays a recording, for mouse, touch and keys.
(() => {
  'use strict';

  const player = document.getElementById('player');
  if (!player) return;

  const audio = player.querySelector('audio');
  let playing = null; // The address of the sound; its link may be replaced by a newer row.

  const linkOf = (url) => [...document.querySelectorAll('[data-play]')].find((link) => link.getAttribute('href') === url);

  function markPlaying() {
    for (const link of document.querySelectorAll('[data-play]')) {
      const isPlaying = !audio.paused && link.getAttribute('href') === playing;
      if (link.classList.contains('is-playing') === isPlaying) continue;
      link.classList.toggle('is-playing', isPlaying);
      link.title = isPlaying ? 'Pause' : 'Play';
      link.setAttribute('aria-label', link.getAttribute('aria-label').replace(/^\w+/, link.title));
    }
  }

  function play(link, byKey) {
    const url = link.getAttribute('href');
    if (playing === url && !player.hidden) {
      if (audio.paused) audio.play().catch(() => {});
      else audio.pause();
      return;
    }

    playing = url;
    player.querySelector('.player-title').textContent = link.dataset.title;
    player.querySelector('.player-sub').textContent = link.closest('li, tr')?.querySelector('.speech')?.textContent.trim() ?? '';
    player.hidden = false;
    audio.src = url;
    audio.play().catch(() => {});
    if (byKey) audio.focus(); // Space and the arrows are for the sound from here; Escape leads back.
  }

  function close() {
    const hadFocus = player.contains(document.activeElement);
    audio.pause();
    player.hidden = true;
    if (hadFocus) (linkOf(playing) ?? document.getElementById('main')).focus();
    playing = null;
    markPlaying();
  }

  for (const name of ['play', 'pause', 'ended']) audio.addEventListener(name, markPlaying);

  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest('[data-play]');
    if (link) {
      event.preventDefault();
      play(link, event.detail === 0);
    } else if (event.target.closest('[data-player-close]')) {
      close();
    }
  });

  document.addEventListener('keydown', (event) => {
    const link = event.target.closest?.('[data-play]');
    if (event.key === ' ' && link) {
      event.preventDefault();
      play(link, true);
    } else if (event.key === 'Escape' && !event.defaultPrevented && !player.hidden) {
      close();
    }
  });

  // Chromium's own controls seek with the arrows only while the slider has the focus, which nobody sees.
  const seekSeconds = { ArrowLeft: -5, ArrowRight: 5 };

  document.addEventListener('keydown', (event) => {
    const seconds = seekSeconds[event.key];
    const sound = event.target;
    if (!seconds || !sound.matches?.('audio') || event.ctrlKey || event.metaKey || event.altKey || !sound.duration) return;
    event.preventDefault();
    sound.currentTime = Math.min(sound.duration, Math.max(0, sound.currentTime + seconds));
  });

  audio.addEventListener('error', () => {
    if (audio.getAttribute('src')) window.fleet.toast('The audio could not be played: it is gone, or the database is away.');
  });

  window.fleet.markPlaying = markPlaying;
})();
