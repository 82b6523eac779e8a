/* Keys of the staff pages, and rows that are chosen together. Everything has a link or a button; every listener is
   delegated, so swaps need no second start. */
(() => {
  'use strict';
  const $ = (s, c = document) => c.querySelector(s), $$ = (s, c = document) => [...c.querySelectorAll(s)];
  const wide = matchMedia('(min-width:70rem)');
  const names = () => $$('#list .row__who');

  /* Single keys can be switched off, on this machine. */
  const off = () => { try { return localStorage.getItem('keys') === 'off'; } catch { return false; } };
  const show = () => {
    const button = $('#keys-switch');
    if (button) button.textContent = off() ? button.dataset.off : button.dataset.on;
    for (const hint of $$('[data-keys-on]')) hint.hidden = off();
  };
  show();
  document.addEventListener('click', ev => {
    if (ev.target.closest('#keys-switch')) {
      try { localStorage.setItem('keys', off() ? 'on' : 'off'); } catch { /* private windows forget */ }
      show();
    }
    if (ev.target.closest('[data-keys-help]') && $('#keys-help')) {
      ev.preventDefault();
      help();
    }
  });
  const help = () => {
    const box = $('#keys-help');
    if (box) box.showModal();
    else location.href = `${document.body.dataset.keys}?next=${encodeURIComponent(location.pathname + location.search)}`;
  };

  /* The row that keys act on: the one with the focus, else the open one, else none yet. */
  const here = all => {
    const row = document.activeElement?.closest?.('#list .row') || $('#list .row[data-current]');
    return row ? all.indexOf($('.row__who', row)) : -1;
  };
  /* Once a key has moved in the list, the panel follows the focus; not for who only tabs through. */
  let led = false, soon;
  const open = link => {
    if (!link) return;
    led = true;
    link.focus();
    link.closest('.row').scrollIntoView({ block: 'nearest' });
    clearTimeout(soon);
    if (wide.matches && link.dataset.panel && link.dataset.panel !== shown()) soon = setTimeout(() => link.click(), 150);
  };
  const shown = () => $('#panel > [id^=booking-]')?.id.slice(8);
  const move = step => {
    const all = names(), i = here(all), inside = document.activeElement?.closest?.('#list .row, #panel');
    open(all[i < 0 ? 0 : inside ? i + step : i]);
  };
  /* The act's button in the row, else in the panel when it shows the same booking. Where a form has taken the booking's place
     there, the booking comes back first, and its button is pressed once it is to be seen; a form that is open already
     stays as it is filled in. Not from outside of both: whoever has not moved into the list has chosen nothing. */
  let wanted = null;
  const press = key => {
    const all = names(), link = all[here(all)], act = `[data-key=${key}]`;
    if (!link || !document.activeElement?.closest('#list,#panel')) return;
    const panel = shown() === link.dataset.panel ? $('#panel') : null;
    const button = $(act, link.closest('li')) || (panel && $(act, panel));
    if (button) button.click();
    else if (panel && wide.matches && !$('[data-whole]', panel) && !$(`[data-asks=${key}]`, panel)) {
      wanted = { link, act };
      link.click();
    }
  };
  document.addEventListener('htmx:afterSettle', ev => {
    if (!wanted || ev.detail.target.id !== 'panel') return;
    const { link, act } = wanted;
    wanted = null;
    if (shown() === link.dataset.panel) $(act, $('#panel'))?.click();
  });
  const choose = () => {
    const all = names(), link = all[here(all)], list = $('.several');
    if (!link || !list || !document.activeElement?.closest('#list')) return;
    list.open = true;
    $('.row__pick input', link.closest('.row'))?.click();
  };
  const keys = {
    j: () => move(1), k: () => move(-1), x: choose,
    u: () => press('u'), s: () => press('s'),
    c: () => press('c'), e: () => press('e'),
    '/': () => { const q = $('#q'); q?.focus(); q?.select(); }, '?': help,
  };
  const typing = el => el.closest?.('input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]');
  document.addEventListener('keydown', ev => {
    if (off() || ev.ctrlKey || ev.metaKey || ev.altKey || ev.repeat && !'jk'.includes(ev.key)) return;
    if (typing(ev.target) || $('dialog[open]')) return;
    const act = keys[ev.key.toLowerCase()];
    if (!act || !('/?'.includes(ev.key) || $('#list'))) return;
    ev.preventDefault();
    act();
  });

  /* Whatever else is asked for the panel, or done, comes instead of what was about to open. */
  document.addEventListener('htmx:beforeRequest', ev => {
    if (ev.detail.requestConfig.verb !== 'get' || ev.detail.target.id === 'panel') {
      clearTimeout(soon);
      if (ev.detail.elt !== wanted?.link) wanted = null;
    }
  });

  /* After an act by key the next booking opens beside the list. */
  document.addEventListener('htmx:afterRequest', ev => {
    const { requestConfig, xhr } = ev.detail;
    if (!led || !requestConfig || requestConfig.verb === 'get' || xhr.status >= 400) return;
    const link = document.activeElement?.closest?.('#list .row__who');
    if (link) open(link);
  });

  /* What was chosen stays chosen when the list is drawn anew. */
  let kept = null;
  const boxes = () => $$('#list .row__pick input');
  document.addEventListener('click', ev => {
    if (!ev.target.closest('[data-tick-all]')) return;
    ev.preventDefault();
    const all = boxes(), on = all.some(box => !box.checked);
    for (const box of all) box.checked = on;
  });
  const keep = ev => {
    if (ev.detail.target?.id !== 'list' || !$('.several')?.open) return;
    kept = new Set(boxes().filter(box => box.checked).map(box => box.value));
  };
  const put = () => {
    const list = $('.several');
    if (!kept || !list) return;
    list.open = true;
    for (const box of boxes()) box.checked = kept.has(box.value);
    kept = null;
  };
  document.addEventListener('htmx:beforeSwap', keep);
  document.addEventListener('htmx:oobBeforeSwap', keep);
  document.addEventListener('htmx:afterSwap', put);
  document.addEventListener('htmx:oobAfterSwap', put);
})();
