// Notes when the form can be used and when a list is painted, in milliseconds from the page's
// beginning. Runs before the page's own scripts.
(() => {
  window.usable = null;
  window.searched = null;

  // A frame's work is over when a task that was queued in it runs.
  const painted = then => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(performance.now());
    port2.postMessage(null);
  });
  const watch = (is, then) => {
    const look = new MutationObserver(() => {
      if (is()) {
        look.disconnect();
        painted(then);
      }
    });
    look.observe(document, { subtree: true, childList: true, attributes: true });
  };

  watch(() => document.querySelector('form #search'), now => { window.usable = now; });

  // What a form asks for, with its button.
  window.formFields = () =>
    [...document.querySelectorAll('form input:not([type=date]), form [type=submit]')].map(it => it.id || it.name);

  // Whether nothing has come for a second: what is on its way on a slow line comes sooner.
  let last = 0;
  new PerformanceObserver(() => { last = performance.now(); }).observe({ type: 'resource', buffered: true });
  window.isQuiet = () => performance.now() - last > 1000;

  window.measureSearch = () => {
    window.searched = null;
    const list = () => document.querySelector('#candidates');
    const before = list();
    performance.clearResourceTimings();
    const began = performance.now();
    watch(() => list() && list() !== before, now => {
      const asked = performance.getEntriesByType('resource').findLast(it => it.name.endsWith('/searches'));
      window.searched = { total: now - began, server: asked.responseEnd - asked.requestStart };
    });
    document.querySelector('#search').click();
  };
})();
