/* The photos of a car, large, one beside the other; without this they are links to themselves. */
(() => {
  'use strict';
  const viewer = document.getElementById('viewer');
  const links = [...document.querySelectorAll('[data-photo]')];
  if (!viewer?.showModal) return;
  const strip = viewer.querySelector('ul'), said = viewer.querySelector('[role=status]');
  const [back, next] = viewer.querySelectorAll('[data-by]');
  let now = 0, opener, rest;

  const say = () => {
    said.textContent = viewer.dataset.text.replace('{n}', now + 1).replace('{all}', links.length);
    /* Not `disabled`, which would lose the focus. */
    back.setAttribute('aria-disabled', !now);
    next.setAttribute('aria-disabled', now === links.length - 1);
  };
  const show = (n, behavior) => {
    now = Math.max(0, Math.min(n, links.length - 1));
    strip.scrollTo({ left: now * strip.clientWidth, behavior });
    say();
  };
  const fill = () => strip.append(...links.map(link => {
    const item = document.createElement('li'), photo = link.querySelector('img').cloneNode();
    photo.removeAttribute('loading');
    item.append(photo);
    return item;
  }));
  const open = (ev, n) => {
    if (ev.ctrlKey || ev.metaKey || ev.shiftKey || ev.altKey) return;
    ev.preventDefault();
    opener = ev.currentTarget;
    if (!strip.children.length) fill();
    viewer.showModal();
    show(n, 'instant');
  };

  links.forEach((link, n) => link.addEventListener('click', ev => open(ev, n)));
  document.querySelector('.gallery__more')?.addEventListener('click', ev => open(ev, 0));
  for (const button of [back, next]) button.addEventListener('click', () => show(now + +button.dataset.by));
  viewer.addEventListener('keydown', ev => {
    if (ev.altKey || ev.ctrlKey || ev.metaKey) return;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: links.length - 1 }[ev.key];
    if (to === undefined) return;
    ev.preventDefault();
    show(to);
  });
  /* Who swipes is followed once the strip rests: Safari knows no `scrollend` yet. */
  strip.addEventListener('scroll', () => {
    clearTimeout(rest);
    rest = setTimeout(() => { now = Math.round(strip.scrollLeft / strip.clientWidth); say(); }, 120);
  });
  window.addEventListener('resize', () => viewer.open && show(now, 'instant'));
  /* Safari does not focus a link that is pressed, so the browser alone would not lead back to it. */
  viewer.addEventListener('close', () => opener.focus());
})();
