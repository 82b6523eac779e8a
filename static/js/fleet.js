/* The calendar's table: one stop for the Tab key, arrow keys from bar to bar and to days that can be booked, and a free
   day that can be pressed. Without it every bar is a link of its own, and each car has one link to a new booking. */
(() => {
  'use strict';
  const table = document.querySelector('.fleet table');
  if (!table) return;
  table.setAttribute('role', 'grid');
  const heads = [...table.tHead.rows[0].cells].map(cell => cell.textContent.replace(/\s+/g, ' ').trim());
  const rows = [...table.querySelectorAll('tbody tr:not(.fleet__place)')];
  const dayOf = column => {
    const day = new Date(`${table.dataset.from}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + column - 1);
    return day.toISOString().slice(0, 10);
  };

  /* The cells of a row with the columns that they cover, counted from 1; its heading is column 0. */
  const places = new WeakMap();
  const cells = row => {
    if (!places.has(row)) {
      let column = 0;
      places.set(row, [...row.cells].map(cell => ({ cell, first: column, last: (column += cell.colSpan) - 1 })));
    }
    return places.get(row);
  };
  const placeOf = cell => cells(cell.parentElement).find(place => place.cell === cell);
  const booking = row => row.cells[0].querySelector('a');
  const from = row => booking(row) && new URL(booking(row).href).searchParams.get('start');
  const isFree = ({ cell, first }) => first && !cell.querySelector('.bk')
    && from(cell.parentElement) && dayOf(first) >= from(cell.parentElement);
  const isStop = place => place.cell.querySelector('a, .bk') || isFree(place);

  /* One link follows the pointer and one the focus, so that neither takes the other's. */
  const pressed = { pointer: document.createElement('a'), focus: document.createElement('a') };
  const offer = (place, link) => {
    const head = booking(place.cell.parentElement), address = new URL(head.href);
    address.searchParams.set('start', dayOf(place.first));
    link.className = 'free';
    link.href = address;
    link.tabIndex = -1;
    link.innerHTML = head.innerHTML;
    link.lastElementChild.append(`, ${heads[place.first]}`);
    place.cell.append(link);
    return link;
  };
  table.addEventListener('mouseover', ev => {
    const cell = ev.target.closest('tbody td');
    if (cell && !cell.firstElementChild && isFree(placeOf(cell))) offer(placeOf(cell), pressed.pointer);
  });

  /* The Tab key comes back to where it left. */
  const first = table.querySelector('tbody a');
  for (const link of table.querySelectorAll('tbody a')) link.tabIndex = -1;
  let current = first;
  if (first) first.tabIndex = 0;
  table.addEventListener('focusin', ev => {
    const link = ev.target.closest('tbody a, .bk');
    if (!link || link === current) return;
    current.tabIndex = -1;
    current = link;
    current.tabIndex = 0;
  });
  const go = place => {
    const link = place.cell.querySelector('a:not(:empty), .bk') || offer(place, pressed.focus);
    link.tabIndex = -1;
    link.focus();
    if (link !== pressed.focus && pressed.focus.isConnected) pressed.focus.remove();
    link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const beside = (place, step) => {
    const row = cells(place.cell.parentElement);
    let i = row.indexOf(place) + step;
    while (row[i] && !isStop(row[i])) i += step;
    return row[i];
  };
  const above = (place, step) => {
    for (let i = rows.indexOf(place.cell.parentElement) + step; rows[i]; i += step) {
      const far = one => Math.max(one.first - column, column - one.last, 0);
      const found = cells(rows[i]).filter(isStop).sort((a, b) => far(a) - far(b))[0];
      if (found) return found;
    }
  };
  let column = 0;
  const steps = {
    ArrowRight: place => beside(place, 1),
    ArrowLeft: place => beside(place, -1),
    ArrowDown: place => above(place, 1),
    ArrowUp: place => above(place, -1),
    Home: place => cells(place.cell.parentElement).find(isStop),
    End: place => cells(place.cell.parentElement).filter(isStop).pop(),
  };
  table.addEventListener('keydown', ev => {
    const cell = ev.target.closest('tbody th, tbody td');
    if (!cell || !steps[ev.key] || ev.ctrlKey || ev.metaKey || ev.altKey || ev.shiftKey) return;
    const place = placeOf(cell);
    if (ev.key !== 'ArrowUp' && ev.key !== 'ArrowDown' || column < place.first || column > place.last) column = place.first;
    const next = steps[ev.key](place);
    ev.preventDefault();
    if (!next) return;
    if (ev.key !== 'ArrowUp' && ev.key !== 'ArrowDown') column = next.first;
    go(next);
  });
})();
