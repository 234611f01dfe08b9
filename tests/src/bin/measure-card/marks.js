// Notes when the page sends, gets and paints, in milliseconds by the machine's clock: two
// browsers are compared. Runs before the page's own scripts.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const measured = (window.measured = { moments: {}, fetches: [], states: [] });
  const once = name => { measured.moments[name] ??= now(); };

  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', event => {
        const answer = JSON.parse(event.data).reply?.answer?.presented;
        if (answer) {
          once('read');
          measured.moments.card ??= answer.card_microseconds / 1000;
        }
      });
    }
    send(text) {
      const verb = JSON.parse(text).request?.verb;
      if (verb?.simulate) once('placed');
      super.send(text);
    }
  };

  const NativeSource = window.EventSource;
  window.EventSource = class extends NativeSource {
    constructor(...given) {
      super(...given);
      this.addEventListener('state', () => measured.states.push(now()));
    }
  };

  const nativeFetch = window.fetch;
  window.fetch = async (input, init) => {
    const sent = now();
    const answer = await nativeFetch(input, init);
    measured.fetches.push({ path: new URL(input.url ?? input, location).pathname, sent, answered: now() });
    return answer;
  };

  // A frame's work is over when a task that was queued in it runs.
  const painted = name => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => once(name);
    port2.postMessage(null);
  });
  window.measure = (name, selector) => {
    Object.assign(measured, { moments: {}, fetches: [], states: [] });
    const look = new MutationObserver(() => {
      if (document.querySelector(selector)) {
        look.disconnect();
        painted(name);
      }
    });
    look.observe(document, { subtree: true, childList: true, attributes: true });
  };
})();
