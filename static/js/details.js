/* Helps for the details of a booking; the page works without them. */
(() => {
  'use strict';
  const on = (name, act) => document.addEventListener(name, act);

  /* A slip in a well-known mail domain gets an offer, never an error. It lies in the gap below the field: nothing moves. */
  const domains = 'gmail.com hotmail.com outlook.com yahoo.com icloud.com orange.fr free.fr sapo.pt'.split(' ');
  const apart = (a, b) => {
    let row = [...Array(b.length + 1).keys()];
    [...a].forEach((x, i) => {
      const next = [i + 1];
      for (let j = 0; j < b.length; j++) next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (x !== b[j])));
      row = next;
    });
    return row[b.length];
  };
  const offer = document.getElementById('did-you-mean');
  on('change', ev => {
    if (!offer || ev.target.type !== 'email') return;
    const [name, domain] = ev.target.value.split('@');
    const meant = domain && !domains.includes(domain) && domains.find(d => apart(domain.toLowerCase(), d) < 3);
    offer.dataset.email = meant ? `${name}@${meant}` : '';
    offer.textContent = meant ? offer.dataset.text.replace('{email}', offer.dataset.email) : '';
    offer.hidden = !meant;
  });
  offer?.addEventListener('click', () => {
    const field = document.querySelector('input[type=email]');
    field.value = offer.dataset.email;
    offer.hidden = true;
    field.focus();
  });

  /* One more, one less, beside every choice of how many. */
  for (const select of document.querySelectorAll('select[data-stepper]')) {
    const box = document.createElement('span');
    box.className = 'stepper';
    select.before(box);
    const press = (by, sign, word) => {
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'btn', textContent: sign });
      button.setAttribute('aria-label', `${word}: ${select.labels[0]?.textContent.trim()}`);
      button.addEventListener('click', () => {
        if (button.getAttribute('aria-disabled') === 'true') return; // not `disabled`: that would lose the focus
        select.selectedIndex += by;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      });
      return button;
    };
    const less = press(-1, '\u2212', select.dataset.less), more = press(1, '+', select.dataset.more);
    const bound = () => {
      less.setAttribute('aria-disabled', select.selectedIndex < 1);
      more.setAttribute('aria-disabled', select.selectedIndex >= select.options.length - 1);
    };
    box.append(less, select, more);
    select.addEventListener('change', bound);
    bound();
  }

  /* The end of the hold on this clock, where that is not the clock of the place. */
  const here = () => {
    for (const note of document.querySelectorAll('[data-here]')) {
      const time = new Date(note.dataset.here).toTimeString().slice(0, 5);
      note.hidden = time === note.dataset.there;
      note.textContent = note.dataset.text.replace('{time}', time);
    }
  };
  here();
  on('htmx:afterSettle', here);
})();
