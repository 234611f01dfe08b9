// Says why the app can't start, in place of 「読み込み中です。」 (index.html). In old
// words, for browsers too old for the app.
(function () {
  "use strict";
  function instead(id) {
    var boot = document.getElementById("boot");
    var text = document.getElementById(id);
    if (!boot || !text || boot.className !== "boot") {
      return;
    }
    boot.className = "boot boot--failed";
    text.hidden = false;
  }
  function failed() {
    instead("boot-failed");
  }
  if (typeof WebAssembly !== "object") {
    instead("boot-unsupported");
  }
  // While the app is not there, whatever fails is its loading. It takes #boot away.
  window.addEventListener("error", failed, true);
  window.addEventListener("unhandledrejection", failed);
  // Keeps the page for when the service is away (worker.js). A reader's own screen is not: it
  // does nothing without the service. A browser that can't goes on without.
  if ("serviceWorker" in navigator && !/^\/reader\/?$/.test(location.pathname)) {
    window.addEventListener("load", function () {
      navigator.serviceWorker.register("/worker.js").then(
        function (kept) {
          // By one of its files this page says of which build it is.
          function tell() {
            var program = document.querySelector("link[rel=modulepreload]");
            if (kept.waiting && program) {
              kept.waiting.postMessage(program.getAttribute("href"));
            }
          }
          tell();
          kept.addEventListener("updatefound", function () {
            kept.installing.addEventListener("statechange", tell);
          });
        },
        function () {}
      );
    });
  }
})();
