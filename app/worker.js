// Starts the page when the service is away (xtask/src/page/worker.rs writes the first constants).
//
// It keeps the files of one build, by their names, and nothing else: no answer of the service
// ever, so that none can be old. While the service is there it delivers the page itself, so that
// a new version comes as it always did; only when it is not does the page come from here.
"use strict";

const BUILD = "@build@";
const FILES = ["@files@"];
// Those of them that the page itself names.
const NAMED = ["@named@"];

const CACHE = "shikaku-" + BUILD;
// How long the service may take to begin its answer before it counts as away, in milliseconds.
const PATIENCE = 4000;

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.waitUntil(replaceOld(event.data)));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) {
    return;
  }
  if (url.pathname.startsWith("/api/")) {
    return;
  }
  if (request.mode === "navigate") {
    // A reader's own screen needs the service: without it there is nothing to show.
    if (!/^\/reader\/?$/.test(url.pathname)) {
      event.respondWith(page(request));
    }
    return;
  }
  if (FILES.includes(url.pathname)) {
    event.respondWith(file(request));
  }
});

// All of one build, or nothing: a page that names other files is of another one.
async function keep() {
  const page = await fetch("/", { cache: "no-store" });
  const text = await page.clone().text();
  if (!page.ok || !NAMED.every((name) => text.includes(name))) {
    throw new Error("the service delivers another build");
  }
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await cache.put("/", page);
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("shikaku-") && name !== CACHE) {
      await caches.delete(name);
    }
  }
  await self.clients.claim();
}

// A page says of which build it is. The old worker goes when that page is of this one's and the
// only window, so that none needs the old files any more; and no page is ever loaded anew for
// that, so that nothing that is being typed is lost.
//
// In Chromium the old one was seen to stay half a minute after the last request, about every second
// time, or until no window is open. Until then it does what this one would: pages come from the
// network first, and files are named by their content.
async function replaceOld(program) {
  const windows = await self.clients.matchAll({ includeUncontrolled: true, type: "window" });
  if (FILES.includes(program) && windows.length <= 1) {
    await self.skipWaiting();
  }
}

async function page(request) {
  const kept = async () => (await caches.open(CACHE)).match("/");
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(request, { signal: stop.signal });
    // What stands before a service that is away says so itself.
    return (answer.status >= 500 && (await kept())) || answer;
  } catch (error) {
    const answer = await kept();
    if (answer) {
      return answer;
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

// Names of files hold the hash of what is in them: what is kept is what would come.
async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(new URL(request.url).pathname)) || fetch(request);
}
