// `navigator.usb` and `navigator.hid` as Chromium has them, with devices that are not there:
// what they do is in the Rust beside this. Names and messages of errors are Chromium's
// (third_party/blink/renderer/modules/{webusb,hid}). `window.fakes` is the hand that plugs, places and picks.
//
// In scope: `wasm_bindgen`, and `configuration` with what there is when the page begins.

const { Reader, StreamDeck } = wasm_bindgen;
const REMEMBERED = "fakes", LEFT = "fakes-left", CLAIM = "fakes-claim";

const failure = (name, message) => new DOMException(message, name);
const disconnected = () => failure("NotFoundError", "The device was disconnected.");
const notOpen = () => failure("InvalidStateError", "The device must be opened first.");
const inProgress = () =>
  failure("InvalidStateError", "An operation that changes the device state is in progress.");
const copied = (data) => ArrayBuffer.isView(data)
  ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
  : new Uint8Array(data).slice();
const view = (bytes) => new DataView(bytes.slice().buffer);

// Acts at a time of `performance.now()`, always in a task of its own. Timers in timers wait for
// 4 ms at least, so that the last of them are waited for in the event loop.
const later = (() => {
  const { port1, port2 } = new MessageChannel();
  const tasks = [];
  let isPosted = false, timer;
  const wake = () => {
    if (isPosted || tasks.length === 0) return;
    clearTimeout(timer);
    const rest = tasks[0].at - performance.now();
    if (rest > 10) {
      timer = setTimeout(wake, rest - 6);
    } else {
      isPosted = true;
      port2.postMessage(null);
    }
  };
  port1.onmessage = () => {
    isPosted = false;
    if (tasks.length > 0 && tasks[0].at <= performance.now()) tasks.shift().act();
    wake();
  };
  return (act, at = 0) => {
    const after = tasks.findIndex((task) => task.at > at);
    tasks.splice(after < 0 ? tasks.length : after, 0, { at, act });
    wake();
  };
})();
const task = (at) => new Promise((resolve) => later(resolve, at));

class Target extends EventTarget {
  tell(type, fields) {
    const event = Object.assign(new Event(type), fields);
    this[`on${type}`]?.call(this, event);
    this.dispatchEvent(event);
  }
}

// What stays when the page is loaded again: permissions, plugs and cards.
const before = JSON.parse(sessionStorage.getItem(REMEMBERED));
const now = before ?? {
  granted: configuration.granted ?? [], plugged: configuration.plugged ?? ["reader", "button"], card: null,
};
const remember = () => sessionStorage.setItem(REMEMBERED, JSON.stringify(now));
const is = (list, which) => now[list].includes(which);
const set = (list, which, on) => {
  now[list] = now[list].filter((each) => each !== which).concat(on ? [which] : []);
  remember();
};
// What a page that is gone has left behind, for every tab.
const leave = () => {
  const left = JSON.stringify({ hasField: reader.hasField(), isOpen: isOpen("reader") });
  if (localStorage.getItem(LEFT) !== left) localStorage.setItem(LEFT, left);
};

const reader = new Reader(configuration.reader ?? "rc-s380");
const deck = new StreamDeck();
const identities = { reader: JSON.parse(reader.identity()), button: JSON.parse(StreamDeck.identity()) };
if (now.card) reader.place(now.card);
remember();

// A device's transfers, which end with it or with its being closed.
class Pending {
  #all = new Set();
  begin(fields) {
    const pending = { ...fields };
    const promise = new Promise((resolve, reject) => Object.assign(pending, { resolve, reject }));
    this.#all.add(pending);
    return { pending, promise };
  }
  done(pending, value) {
    if (this.#all.delete(pending)) pending.resolve(value);
  }
  end(error) {
    for (const pending of this.#all) pending.reject(error());
    this.#all.clear();
  }
}

class FakeUsbDevice {
  opened = false;
  isGone = false;
  isChanging = false;
  isHalted = false;
  #pending = new Pending();
  #reads = [];
  #letGo = null;

  constructor({ vendorId, productId, productName, interfaces }) {
    Object.assign(this, { vendorId, productId, productName, manufacturerName: "", serialNumber: "" });
    const endpoint = (endpointNumber, direction) =>
      ({ endpointNumber, direction, type: "bulk", packetSize: 64 });
    const configuration = {
      configurationValue: 1,
      configurationName: "",
      interfaces: interfaces.map((each) => {
        const alternate = {
          alternateSetting: 0, interfaceClass: each.class, interfaceSubclass: 0, interfaceProtocol: 0,
          interfaceName: "", endpoints: [endpoint(each.in, "in"), endpoint(each.out, "out")],
        };
        return { interfaceNumber: each.number, claimed: false, alternate, alternates: [alternate] };
      }),
    };
    this.configurations = [configuration];
    this.configuration = fakes.isConfigured ? configuration : null;
  }

  #check() {
    if (this.isGone) throw disconnected();
    if (this.isChanging) throw inProgress();
  }
  async #change(act) {
    this.isChanging = true;
    await task();
    try {
      if (this.isGone) throw disconnected();
      await act();
    } finally {
      this.isChanging = false;
    }
  }
  #interface(number) {
    this.#check();
    if (!this.opened) throw notOpen();
    if (!this.configuration) {
      throw failure("InvalidStateError", "The device must have a configuration selected.");
    }
    const found = this.configuration.interfaces.find((each) => each.interfaceNumber === number);
    if (!found) {
      throw failure("NotFoundError",
        "The interface number provided is not supported by the device in its current configuration.");
    }
    return found;
  }
  #endpoint(number, direction) {
    const claimed = this.opened ? this.configuration?.interfaces.filter((each) => each.claimed) : [];
    this.#interface(this.configuration?.interfaces[0].interfaceNumber);
    const isIt = (each) => each.endpointNumber === number && each.direction === direction;
    if (!claimed.some((each) => each.alternate.endpoints.some(isIt))) {
      throw failure("NotFoundError",
        "The specified endpoint is not part of a claimed and selected alternate interface.");
    }
  }
  #release(each) {
    each.claimed = false;
    this.#pending.end(() => failure("AbortError", "The transfer was cancelled."));
    this.#reads = [];
    this.#letGo?.();
    this.#letGo = null;
  }

  async open() {
    this.#check();
    if (this.opened) return;
    await this.#change(() => {
      if (fakes.held === "open") throw failure("SecurityError", "Access denied.");
      this.opened = true;
    });
    note("open");
  }
  async close() {
    this.#check();
    if (!this.opened) return;
    await this.#change(() => {
      this.configuration?.interfaces.filter((each) => each.claimed).forEach((each) => this.#release(each));
      this.opened = false;
    });
    note("close");
  }
  async selectConfiguration(value) {
    this.#check();
    if (!this.opened) throw notOpen();
    const found = this.configurations.find((each) => each.configurationValue === value);
    if (!found) {
      throw failure("NotFoundError", "The configuration value provided is not supported by the device.");
    }
    await this.#change(() => { this.configuration = found; });
  }
  async claimInterface(number) {
    const each = this.#interface(number);
    if (each.claimed) return;
    await this.#change(async () => {
      if ([0x03, 0x0b].includes(each.alternate.interfaceClass)) {
        throw failure("SecurityError", "The requested interface implements a protected class.");
      }
      const letGo = fakes.held === "claim" ? null : await claim();
      if (!letGo) throw failure("NetworkError", "Unable to claim interface.");
      this.#letGo = letGo;
      each.claimed = true;
    });
    note("claim");
  }
  async releaseInterface(number) {
    const each = this.#interface(number);
    if (!each.claimed) return;
    await this.#change(() => this.#release(each));
    note("release");
  }
  async clearHalt(direction, number) {
    this.#endpoint(number, direction);
    await task();
    this.isHalted = false;
  }
  async reset() {
    this.#check();
    if (!this.opened) throw notOpen();
    await this.#change(() => {});
  }
  async forget() {
    await task();
    set("granted", "reader", false);
  }
  async transferIn(number, length) {
    this.#endpoint(number, "in");
    const { pending, promise } = this.#pending.begin({ length });
    this.#reads.push(pending);
    this.#fetch();
    return promise;
  }
  async transferOut(number, data) {
    this.#endpoint(number, "out");
    const bytes = copied(data);
    const { pending, promise } = this.#pending.begin();
    const at = reader.write(bytes, performance.now());
    leave();
    if (reader.isPulledOut()) {
      unplug("reader");
    } else {
      later(() => this.#pending.done(pending, { status: "ok", bytesWritten: bytes.length }), at);
      this.#fetch();
    }
    return promise;
  }
  // Gives the reads what the device has.
  #fetch() {
    while (this.#reads.length > 0) {
      const [pending] = this.#reads;
      const arrival = this.isHalted ? null : reader.read(pending.length, performance.now());
      if (reader.isPulledOut()) return unplug("reader");
      if (!arrival && !this.isHalted) return;
      const status = this.isHalted ? "stall" : arrival.isBabble ? "babble" : "ok";
      const result = { status, data: arrival ? view(arrival.bytes) : null };
      this.#reads.shift();
      later(() => this.#pending.done(pending, result), arrival?.at);
    }
  }

  goes() {
    this.isGone = true;
    this.opened = false;
    this.#pending.end(disconnected);
    this.#reads = [];
    this.#letGo?.();
  }
}

class FakeHidDevice extends Target {
  opened = false;
  isGone = false;
  isChanging = false;
  oninputreport = null;
  #pending = new Pending();
  #which;

  constructor(which, { vendorId, productId, productName, collections }) {
    super();
    this.#which = which;
    Object.assign(this, { vendorId, productId, productName, collections });
  }

  async open() {
    if (this.isChanging) throw inProgress();
    if (this.opened) throw failure("InvalidStateError", "The device is already open.");
    this.isChanging = true;
    await task();
    this.isChanging = false;
    if (this.isGone || (fakes.held && this.#which === "reader")) {
      throw failure("NotAllowedError", "Failed to open the device.");
    }
    this.opened = true;
    note("open", this.#which);
  }
  async close() {
    if (this.isChanging) throw inProgress();
    if (this.opened) {
      this.opened = false;
      note("close", this.#which);
    }
  }
  async forget() {
    await task();
    set("granted", this.#which, false);
  }
  async sendReport(reportId, data) {
    if (this.isChanging) throw inProgress();
    if (!this.opened) throw notOpen();
    const { pending, promise } = this.#pending.begin();
    const bytes = Uint8Array.of(reportId, ...copied(data));
    if (this.isGone || this.#which !== "reader") {
      await task();
      throw failure("NotAllowedError", "Failed to write the report.");
    }
    const at = reader.write(bytes, performance.now());
    leave();
    later(() => this.#pending.done(pending), at);
    while (!reader.isPulledOut()) {
      const arrival = reader.read(4096, performance.now());
      if (!arrival) break;
      later(() => this.reports(arrival.bytes), arrival.at);
    }
    if (reader.isPulledOut()) unplug("reader");
    return promise;
  }
  reports([reportId, ...data]) {
    if (this.opened && !this.isGone) {
      this.tell("inputreport", { device: this, reportId, data: view(Uint8Array.from(data)) });
    }
  }

  goes() {
    this.isGone = true;
    this.#pending.end(() => failure("InvalidStateError", "The device was closed unexpectedly."));
  }
}

// Only one page at a time can claim an interface, and its end frees it.
const claim = () => new Promise((resolve) => {
  navigator.locks.request(CLAIM, { ifAvailable: true }, (lock) =>
    lock ? new Promise((letGo) => resolve(letGo)) : resolve(null));
});

class Bus extends Target {
  onconnect = null;
  ondisconnect = null;
  #feature;
  #make;
  #devices = {};

  constructor(feature, make) {
    super();
    this.#feature = feature;
    this.#make = make;
  }
  has(which) {
    return which === "button" || identities.reader.isHid ? this.#feature === "hid" : this.#feature === "usb";
  }
  device(which) {
    return this.#devices[which] ??= this.#make(which, identities[which]);
  }
  forgets(which) {
    delete this.#devices[which];
  }
  #check() {
    if (fakes.dialog === "forbidden") {
      throw failure("SecurityError",
        `Access to the feature "${this.#feature}" is disallowed by permissions policy.`);
    }
  }
  #all() {
    return ["reader", "button"].filter((which) => this.has(which) && is("plugged", which));
  }
  async getDevices() {
    this.#check();
    await (fakes.neverSettles === this.#feature ? new Promise(() => {}) : task());
    return this.#all().filter((which) => is("granted", which)).map((which) => this.device(which));
  }
  async requestDevice({ filters = [] } = {}) {
    this.#check();
    if (!navigator.userActivation.isActive) {
      throw failure("SecurityError", "Must be handling a user gesture to show a permission request.");
    }
    note("dialog");
    await (fakes.dialog === "open" ? new Promise(() => {}) : task());
    const isWanted = (which) => filters.length === 0 || filters.some((filter) => {
      const { vendorId, productId, interfaces = [], collections } = identities[which];
      const isAny = (list, fields) => list.some((each) =>
        fields.every(([wanted, value]) => wanted === undefined || wanted === value(each)));
      return (filter.vendorId ?? vendorId) === vendorId && (filter.productId ?? productId) === productId
        && isAny(interfaces.concat({}), [[filter.classCode, (each) => each.class]])
        && isAny(collections, [[filter.usagePage, (each) => each.usagePage], [filter.usage, (each) => each.usage]]);
    });
    const picked = fakes.dialog === "picks" ? this.#all().find(isWanted) : undefined;
    if (picked) set("granted", picked, true);
    if (this.#feature === "hid") return picked ? [this.device(picked)] : [];
    if (!picked) throw failure("NotFoundError", "No device selected.");
    return this.device(picked);
  }
}

const buses = {
  usb: new Bus("usb", (_, identity) => new FakeUsbDevice(identity)),
  hid: new Bus("hid", (which, identity) => new FakeHidDevice(which, identity)),
};
const busOf = (which) => buses.usb.has(which) ? buses.usb : buses.hid;
const isOpen = (which) => busOf(which).device(which).opened;
const note = (what, which = "reader") => {
  fakes.log.push(which === "reader" ? what : `${which} ${what}`);
  leave();
};

const unplug = (which) => {
  if (!is("plugged", which)) return;
  const bus = busOf(which);
  const device = bus.device(which);
  set("plugged", which, false);
  note("unplug", which);
  device.goes();
  bus.forgets(which);
  if (is("granted", which)) later(() => bus.tell("disconnect", { device }));
};
const plug = (which) => {
  if (is("plugged", which)) return;
  if (which === "reader") reader.plug();
  set("plugged", which, true);
  note("plug", which);
  if (is("granted", which)) later(() => busOf(which).tell("connect", { device: busOf(which).device(which) }));
};

const fakes = {
  // What becomes of `requestDevice`: "picks", "nothing", "open" (for ever), "forbidden".
  dialog: configuration.dialog ?? "picks",
  // Whether another program has the reader: "open" or "claim", by what fails.
  held: configuration.held ?? null,
  // The API whose `getDevices` says nothing: "usb" or "hid".
  neverSettles: configuration.neverSettles ?? null,
  isConfigured: configuration.isConfigured ?? true,
  // What the page and the hand have done with devices.
  log: [],
  before,
  left: () => JSON.parse(localStorage.getItem(LEFT)),
  isOpen,
  isHid: identities.reader.isHid,
  plug: (which = "reader") => plug(which),
  unplug: (which = "reader") => unplug(which),
  place(card) {
    reader.place(card);
    now.card = card;
    remember();
  },
  remove() {
    reader.remove();
    now.card = null;
    remember();
  },
  setSpeed: (milliseconds) => reader.setSpeed(milliseconds),
  disturb: (after, ahead, fault, amount = 0) => reader.disturb(after, ahead, fault, amount),
  stall() {
    busOf("reader").device("reader").isHalted = true;
  },
  planned: () => reader.planned(),
  commands: () => reader.commands(),
  reading: () => JSON.parse(reader.reading()),
  hasField: () => reader.hasField(),
  press(key, isDown) {
    const report = deck.press(key, isDown);
    later(() => buses.hid.device("button").reports(report));
  },
};
reader.setSpeed(configuration.speed ?? 0);
Object.defineProperty(window, "fakes", { value: fakes });
for (const [name, bus] of Object.entries(buses)) {
  if ((configuration.features ?? ["usb", "hid"]).includes(name)) {
    Object.defineProperty(navigator, name, { value: bus, configurable: true });
  } else {
    delete Navigator.prototype[name];
  }
}
