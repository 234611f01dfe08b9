// What a page needs to carry a driver's transfers, as the app itself does it.
const within = (promise, time) => Promise.race([
  promise, new Promise(done => setTimeout(done, time, null))]);

const counted = source => {
  const counts = { connect: 0, disconnect: 0 };
  for (const name of Object.keys(counts)) source.addEventListener(name, () => counts[name]++);
  return counts;
};

const usb = {
  counts: counted(navigator.usb),
  events: async () => usb.counts,
  find: async (vendor, product) => {
    const all = await navigator.usb.getDevices();
    usb.device = all.find(one => one.vendorId === vendor && one.productId === product);
    return usb.device ? { name: usb.device.productName, serial: usb.device.serialNumber } : null;
  },
  open: async (vendor, product) => {
    const found = await usb.find(vendor, product);
    const device = usb.device;
    await device.open();
    if (!device.configuration) await device.selectConfiguration(1);
    const face = device.configuration.interfaces.find(
      one => one.alternate.interfaceClass === 0xFF);
    await device.claimInterface(face.interfaceNumber);
    const number = way => face.alternate.endpoints.find(
      one => one.type === "bulk" && one.direction === way).endpointNumber;
    Object.assign(usb, { input: number("in"), output: number("out"), pending: null });
    return { ...found, interface: face.interfaceNumber, input: usb.input, output: usb.output };
  },
  // Whatever another interface than the vendor's own says.
  claim: async (vendor, product, number) => usb.device.claimInterface(number).then(() => null),
  write: async (vendor, product, bytes) => {
    const { status } = await usb.device.transferOut(usb.output, new Uint8Array(bytes));
    if (status !== "ok") throw new Error(status);
    return null;
  },
  read: async (vendor, product, most, time) => {
    usb.pending ??= usb.device.transferIn(usb.input, most);
    const result = await within(usb.pending.catch(error => error), time);
    if (result === null) return null;
    usb.pending = null;
    if (result instanceof Error) throw result;
    if (result.status !== "ok") throw new Error(result.status);
    return [...new Uint8Array(result.data.buffer)];
  },
  // A read from an endpoint that is halted, which it is not any more then.
  stalled: async () => {
    const { status } = await usb.device.transferIn(usb.input, 64);
    await usb.device.clearHalt("in", usb.input);
    return { status };
  },
  close: async () => { await usb.device.close(); return null; },
};

const hid = {
  counts: counted(navigator.hid),
  events: async () => hid.counts,
  find: async (vendor, product) => {
    const all = await navigator.hid.getDevices();
    hid.device = all.find(one => one.vendorId === vendor && one.productId === product);
    return hid.device ? { name: hid.device.productName } : null;
  },
  open: async (vendor, product) => {
    const found = await hid.find(vendor, product);
    const device = hid.device;
    Object.assign(hid, { reports: [], wake: () => {} });
    device.addEventListener("inputreport", event => {
      hid.reports.push([event.reportId, ...new Uint8Array(event.data.buffer)]);
      hid.wake();
    });
    await device.open();
    const [collection] = device.collections;
    const { usagePage, inputReports, outputReports } = collection;
    return { ...found, usagePage, inputs: inputReports.length, outputs: outputReports.length };
  },
  write: async (vendor, product, [number, ...bytes]) => {
    await hid.device.sendReport(number, new Uint8Array(bytes));
    return null;
  },
  read: async (vendor, product, most, time) => {
    if (!hid.reports.length) await within(new Promise(done => { hid.wake = done; }), time);
    return hid.reports.shift() ?? null;
  },
  close: async () => { await hid.device.close(); return null; },
};

window.medium = { usb, hid };
