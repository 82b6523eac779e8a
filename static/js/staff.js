/* The staff pages' own script: focus after an act, the number in the title. Keys: triage.js.
   Everything works without it; every listener is delegated, so swaps need no second start. */
(() => {
  'use strict';
  const $ = (s, c = document) => c.querySelector(s), $$ = (s, c = document) => [...c.querySelectorAll(s)];
  const wide = matchMedia('(min-width:70rem)');
  const names = () => $$('#list .row__who');

  /* Beside the list there is room for a booking on wide screens only; else, and for new tabs, the link is a link. */
  document.addEventListener('click', ev => {
    const link = ev.target.closest('a[data-panel]');
    if (link && (!wide.matches || ev.ctrlKey || ev.metaKey || ev.shiftKey || ev.altKey)) ev.stopPropagation();
  }, true);

  /* The row of the open booking is marked. */
  const mark = id => {
    for (const link of names()) {
      const on = link.dataset.panel === id;
      on ? link.setAttribute('aria-current', 'true') : link.removeAttribute('aria-current');
      link.closest('.row').toggleAttribute('data-current', on);
    }
  };

  /* A press in haste: what a swap or a new page brought under the pointer that pressed last cannot have been read yet, so
     for a moment the pointer does not press it. Keys do: they follow the focus. The press that led to a page is known to
     it by this tab's storage. */
  const PAUSE = 700, HASTE = 30000;
  const ACTS = '#list .row__act :is(a, button), main .actions :is(a, button), main form[method=post] button';
  const keep = (name, value) => {
    try {
      const was = sessionStorage.getItem(name);
      value ? sessionStorage.setItem(name, value) : sessionStorage.removeItem(name);
      return was;
    } catch { return null; /* private windows forget */ }
  };
  let pressed = null;
  document.addEventListener('click', ev => {
    if (!ev.detail) return;
    if (ev.target.closest(ACTS)?.ariaDisabled === 'true') {
      ev.preventDefault();
      ev.stopPropagation();
      return;
    }
    pressed = { x: ev.clientX, y: ev.clientY, act: ev.target.closest(ACTS) };
    if (ev.target.closest('main')) keep('press', [ev.clientX, ev.clientY, Date.now()].join());
  }, true);
  const pause = () => {
    const act = pressed && document.elementFromPoint(pressed.x, pressed.y)?.closest(ACTS);
    if (!act || act === pressed.act || act.ariaDisabled) return;
    act.ariaDisabled = 'true';
    setTimeout(() => act.removeAttribute('aria-disabled'), PAUSE);
  };
  for (const swap of ['htmx:afterSwap', 'htmx:oobAfterSwap', 'htmx:afterSettle']) document.addEventListener(swap, pause);
  const [x, y, when] = (keep('press') || '').split(',').map(Number);
  if (when && Date.now() - when < HASTE) {
    pressed = { x, y };
    pause();
  }

  /* Who asks for another booking, or for the form of an act, before the answer to the press before has come wants only the
     last one: an older answer, late, would take away what is being filled in, or what an act has just said. */
  let asked;
  document.addEventListener('htmx:beforeSend', ev => {
    const act = ev.detail.requestConfig.verb !== 'get';
    if (!act && ev.detail.target.id !== 'panel') return;
    asked?.abort();
    if (act) return;
    asked = ev.detail.xhr;
  });

  /* After an act the focus goes on: to the same row, else to the one that took the place of the one that left or, after
     the last one, the row before it; in an empty list to the words that say so. */
  let at = null;
  const opened = () => $('#panel > [id^=booking-]')?.id.slice(8);
  document.addEventListener('htmx:beforeRequest', ev => {
    const { elt, requestConfig } = ev.detail;
    if (requestConfig.verb === 'get' || !elt.closest('#list, #panel')) return;
    const id = elt.closest('li[id^=b-]')?.id.slice(2) || opened();
    at = { id, i: Math.max(0, names().findIndex(link => link.id === `l-${id}`)) };
  });
  document.addEventListener('htmx:afterRequest', ev => {
    const { requestConfig, xhr } = ev.detail;
    const open = opened();
    if (open) mark(open);
    if (requestConfig?.verb === 'get' || !at) return;
    const all = names(), { id, i } = at;
    at = null;
    if (xhr.status && xhr.status < 400) (document.getElementById(`l-${id}`) || all[Math.min(i, all.length - 1)] || $('#nothing') || $('#h'))?.focus();
  });

  /* What was done is said for a while. */
  let hush;
  const said = () => {
    const box = $('#status');
    if (!box?.firstElementChild) return;
    clearTimeout(hush);
    hush = setTimeout(() => box.replaceChildren(), 10000);
  };
  said();
  document.addEventListener('htmx:oobAfterSwap', ev => { if (ev.detail.target.id === 'status') said(); });

  /* "(3) Inbox": the title follows the badge wherever it was swapped in. */
  const count = () => {
    const n = +($('#badge')?.dataset.pending || 0);
    if ('counted' in document.body.dataset) document.title = (n ? `(${n}) ` : '') + document.title.replace(/^\(\d+\) /, '');
  };
  document.addEventListener('htmx:afterSettle', count);
  document.addEventListener('htmx:oobAfterSwap', count);
  document.addEventListener('visibilitychange', () => {
    const badge = $('#badge');
    if (badge && !document.hidden) htmx.trigger(badge, 'look');
  });
})();
