/* The date-range calendar: makes the server-rendered <button name="pick"> cells answer at once. It paints days only:
   prices and the sentence about a complete range come from the server. */
(() => {
  'use strict';
  const iso = t => new Date(t).toISOString().slice(0, 10);
  const add = (d, n) => iso(Date.parse(d) + n * 864e5);
  const diff = (a, b) => Math.round((Date.parse(b) - Date.parse(a)) / 864e5);

  /* The pick rule, word for word that of bookings/availability/ledger.py; bookings/tests/pick_cases.json is run against both. */
  const pick = (start, end, day, blocked, max) => {
    if (!start || end || day < start) return { start: day, end: '' };
    for (let d = start; d <= day; d = add(d, 1)) if (blocked.has(d)) return { start: day, end: '', note: 'crosses', hit: d };
    if (diff(start, day) + 1 > max) return { start: day, end: '', note: 'max' };
    return { start, end: day };
  };
  globalThis.exodrive = { pick };

  const form = document.querySelector('[data-booker]');
  if (!form) return;
  const $ = s => form.querySelector(s), $$ = s => [...form.querySelectorAll(s)];
  const T = form.dataset, start = $('#start'), end = $('#end'), live = $('#cal-live');
  const blocked = new Set(T.blocked.split(' ')), months = { wanted: '' };
  const at = d => $(`.day[value="${d}"]`);
  const shown = b => b && b.offsetParent;
  const free = b => b.getAttribute('aria-disabled') !== 'true';
  const text = (s, o) => s.replace(/\{(\w+)\}/g, (_, k) => o[k]);
  const year = new Date().getFullYear() + '';
  const spoken = d => new Date(d).toLocaleDateString(document.documentElement.lang, { weekday: 'short', day: 'numeric', month: 'short', year: d.startsWith(year) ? void 0 : 'numeric', timeZone: 'UTC' });
  const say = (t, l) => { $('#cal-hint').textContent = t; live.textContent = l ?? t; };
  const tell = name => form.dispatchEvent(new Event(name));

  const mark = (v, s, e) => v === s ? (e === s ? 'one' : 'start') : e && v === e ? 'end' : s && e && v > s && v < e ? 'mid' : '';

  const paint = preview => {
    const s = start.value, e = end.value >= s ? end.value : '';
    for (const b of $$('.day')) {
      const v = b.value, k = mark(v, s, e);
      k ? b.dataset.s = k : delete b.dataset.s;
      b.classList.toggle('solo', k === 'start' && !e && !preview);
      if (b.hasAttribute('aria-pressed')) b.setAttribute('aria-pressed', String(!!k));
      if (!b.dataset.k) b.lastElementChild.textContent = k ? ', ' + T[k] : '';
      preview && v > s && v <= preview ? b.dataset.p = v === preview ? 'end' : '' : delete b.dataset.p;
    }
    $$('.dates__f').forEach((f, i) => f.toggleAttribute('data-active', i ? !!s && !e : !s));
    rove();
  };

  /* One tab stop in the grid: the day that has it, else the pick-up day, else the first free day that can be seen. */
  const rove = to => {
    const all = $$('.day'), seen = all.filter(shown);
    const stop = to || seen.find(b => b.tabIndex === 0 && b.dataset.stop) || [at(start.value)].find(shown) || seen.find(free) || seen[0];
    for (const b of all) { b.tabIndex = b === stop ? 0 : -1; b === stop && to ? b.dataset.stop = 1 : to && delete b.dataset.stop; }
  };

  const show = month => { $('#view').value = month; $('#calendar').dispatchEvent(new Event('month')); };
  const go = d => {
    d = d < start.min ? start.min : d > start.max ? start.max : d;
    const b = at(d);
    if (shown(b)) { rove(b); b.focus(); } else { months.wanted = d; show(d.slice(0, 7)); }
  };

  const clear = () => {
    $('#dates-problem').replaceChildren();
    $('.dates').removeAttribute('data-error');
    for (const i of [start, end]) { i.removeAttribute('aria-invalid'); i.removeAttribute('aria-describedby'); }
  };
  const empty = () => {
    $('#check').dispatchEvent(new Event('htmx:abort'));
    for (const t of $$('template')) document.getElementById(t.dataset.for).replaceChildren(t.content.cloneNode(true));
  };

  form.addEventListener('click', ev => {
    const b = ev.target.closest('.day');
    if (!b) return;
    ev.preventDefault();
    if (months.wanted) return; // another month is on its way: this press was meant for a day in it
    if (!free(b)) { live.textContent = b.textContent.trim(); return; }
    const r = pick(start.value, end.value, b.value, blocked, +T.max);
    start.value = r.start; end.value = r.end;
    rove(b); paint(); clear();
    if (r.end) return tell('range');
    empty();
    const note = r.note === 'crosses' ? text(T.crosses, { day: spoken(r.hit) }) + ' ' : r.note ? T.longest + ' ' : '';
    say(note + T.now, note + spoken(r.start) + '. ' + T.now);
  });

  const preview = ev => {
    const b = ev.target.closest('.day');
    if (!b || !start.value || end.value) return;
    const r = pick(start.value, '', b.value, blocked, +T.max);
    paint(r.end && r.end > r.start ? b.value : '');
  };
  form.addEventListener('pointerover', preview);
  form.addEventListener('focusin', preview);
  $('.cal').addEventListener('pointerleave', () => paint());

  const month = (d, n) => {
    const x = new Date(d), m = x.getUTCMonth() + n, last = new Date(Date.UTC(x.getUTCFullYear(), m + 1, 0)).getUTCDate();
    return iso(Date.UTC(x.getUTCFullYear(), m, Math.min(x.getUTCDate(), last)));
  };
  const weekday = d => (new Date(d).getUTCDay() + 6) % 7;
  const keys = {
    ArrowRight: d => add(d, 1), ArrowLeft: d => add(d, -1), ArrowDown: d => add(d, 7), ArrowUp: d => add(d, -7),
    Home: d => add(d, -weekday(d)), End: d => add(d, 6 - weekday(d)), PageDown: d => month(d, 1), PageUp: d => month(d, -1),
  };
  form.addEventListener('keydown', ev => {
    if (ev.altKey || ev.ctrlKey || ev.metaKey) return;
    // Enter in a date field asks for the price; no browser may press the first day button instead.
    if (ev.key === 'Enter' && (ev.target === start || ev.target === end)) { ev.preventDefault(); return tell('range'); }
    const b = ev.target.closest('.day');
    if (!b) return;
    if (ev.key === 'Escape' && start.value && !end.value) { start.value = ''; paint(); empty(); say(T.first); } else if (keys[ev.key]) go(keys[ev.key](b.value)); else return;
    ev.preventDefault();
  });

  for (const f of [start, end]) f.addEventListener('change', () => {
    if (f === start && end.value && end.value < f.value) end.value = '';
    clear(); paint();
    if (f.value && !shown(at(f.value)) && f.checkValidity()) { months.typed = true; show(f.value.slice(0, 7)); }
    if (start.value && end.value) tell('range'); else { empty(); say(start.value ? T.now : T.first); }
  });

  document.addEventListener('htmx:afterSettle', ev => {
    paint();
    if (ev.detail.target.id !== 'calendar' && ev.detail.elt.id !== 'calendar') return;
    const b = months.wanted && at(months.wanted);
    if (b) { rove(b); b.focus(); } else if (!months.typed) live.textContent = $('caption').textContent; // typed dates are answered themselves
    months.wanted = '';
    months.typed = false;
  });
  paint();
})();
