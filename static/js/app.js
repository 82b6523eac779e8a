/* Small helps for every page; each page works without them. */
(() => {
  'use strict';
  const on = (name, act) => document.addEventListener(name, act);

  on('click', ev => {
    if (ev.target.closest('[data-print]')) window.print();
    // The address may have changed since the page came (dates chosen): the other languages get the same dates.
    const link = ev.target.closest('a[data-language]');
    if (link) link.search = location.search;
    for (const menu of document.querySelectorAll('.menu[open]')) if (!menu.contains(ev.target)) menu.open = false;
  });
  on('keydown', ev => {
    const menu = ev.key === 'Escape' && document.querySelector('.menu[open]');
    if (menu) { menu.open = false; menu.firstElementChild.focus(); }
  });

  /* A form that writes is sent once: a second press while the answer is on its way does nothing. */
  on('submit', ev => {
    const button = ev.submitter, form = ev.target;
    if ((button?.getAttribute('formmethod') || form.method) !== 'post' || ev.defaultPrevented) return;
    if (form.dataset.sent) return ev.preventDefault();
    form.dataset.sent = 1;
    button?.setAttribute('aria-busy', 'true');
  });
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
    for (const button of document.querySelectorAll('.btn[aria-busy]')) button.removeAttribute('aria-busy');
  });

  /* Nobody looks: no polling. The next turn asks again. */
  on('htmx:beforeRequest', ev => {
    if (document.hidden && ev.detail.elt.hasAttribute('data-poll')) ev.preventDefault();
    else if (ev.detail.elt.matches('form,button,a')) problem('');
  });
  /* After a swap the focus goes where the answer says. */
  on('htmx:afterSettle', ev => {
    const target = document.querySelector('#errors:not([data-seen])') || document.querySelector('[data-focus]');
    if (!target) return;
    target.id === 'errors' ? target.dataset.seen = 1 : target.removeAttribute('data-focus');
    target.focus();
  });
  const problem = text => {
    const box = document.getElementById('problem');
    if (!box) return;
    box.hidden = !text;
    box.textContent = text;
  };
  const failed = ev => {
    if (ev.detail.elt.hasAttribute('data-poll')) return;
    problem(document.getElementById('problem')?.dataset.text);
  };
  on('htmx:sendError', failed);
  on('htmx:responseError', failed);
})();
