//! The devices of the crate `fakes` themselves, by hand and without the page: a journey must
//! not believe a browser that is not like one.

use anyhow::ensure;
use serde_json::{Value, json};
use tests::fakes::{Device, Dialog, FakeReader, Port};
use tests::{Browser, Stack};

/// A page that has no program of its own, and no icon.
async fn empty_page(port: &Port) -> anyhow::Result<(Stack, Browser)> {
    let stack = Stack::start().await?;
    let browser = Browser::start().await?;
    browser.plug_in(port).await?;
    browser
        .go(&format!("{}/api/openapi.json", stack.address()))
        .await?;
    Ok((stack, browser))
}

/// What a script answers by `return` or by an error's name.
async fn tried(browser: &Browser, script: &str) -> anyhow::Result<Value> {
    let script = format!(
        "const done = arguments[0];
         (async () => {{ {script} }})().then(done, error => done(error.name + ': ' + error.message))"
    );
    let value = browser.driver().execute_async(script, Vec::new()).await?;
    Ok(value.json().clone())
}

/// What is done with a USB device, one after the other, and what comes of it, as JSON.
const USB: &[(&str, &str)] = &[
        (
            "return (await navigator.usb.getDevices()).map(device => device.productName)",
            r#"["FeliCa RC-S300/P"]"#,
        ),
        (
            "return await navigator.usb.requestDevice({ filters: [] })",
            r#""SecurityError: Must be handling a user gesture to show a permission request.""#,
        ),
        (
            "window.device = (await navigator.usb.getDevices())[0]; return device.opened",
            "false",
        ),
        (
            "await device.claimInterface(1)",
            r#""InvalidStateError: The device must be opened first.""#,
        ),
        (
            "await device.open(); return device.opened",
            "true",
        ),
        (
            "await device.claimInterface(1)",
            r#""InvalidStateError: The device must have a configuration selected.""#,
        ),
        (
            "await device.selectConfiguration(1); return device.configuration.interfaces.length",
            "2",
        ),
        (
            "await device.claimInterface(0)",
            r#""SecurityError: The requested interface implements a protected class.""#,
        ),
        (
            "await device.transferIn(3, 64)",
            r#""NotFoundError: The specified endpoint is not part of a claimed and selected alternate interface.""#,
        ),
        (
            "await device.claimInterface(1); return device.configuration.interfaces[1].claimed",
            "true",
        ),
        (
            "window.read = device.transferIn(3, 290);
             const winner = await Promise.race([read, new Promise(done => setTimeout(done, 50, 'pending'))]);
             return winner",
            r#""pending""#,
        ),
        // Begins a session.
        (
            "const command = [0xFF, 0x50, 0x00, 0x00, 0x02, 0x82, 0x00, 0x00];
             const bytes = [0x6B, command.length, 0, 0, 0, 0, 1, 0, 0, 0, ...command];
             const { status, bytesWritten } = await device.transferOut(4, new Uint8Array(bytes));
             const { data } = await read;
             return [status, bytesWritten, data.getUint8(0)]",
            r#"["ok", 18, 131]"#,
        ),
        (
            "const read = device.transferIn(3, 290); const failed = read.catch(error => error.name);
             await device.close();
             return [await failed, device.opened]",
            r#"["AbortError", false]"#,
        ),
        (
            "fakes.held = 'open'; await device.open()",
            r#""SecurityError: Access denied.""#,
        ),
        (
            "fakes.held = 'claim'; await device.open(); await device.claimInterface(1)",
            r#""NetworkError: Unable to claim interface.""#,
        ),
        (
            "fakes.held = null; await device.claimInterface(1);
             const failed = device.transferIn(3, 64).catch(error => error.name);
             const told = new Promise(done => navigator.usb.addEventListener('disconnect', done));
             fakes.unplug();
             const { device: gone } = await told;
             return [await failed, gone === device, (await navigator.usb.getDevices()).length]",
            r#"["NotFoundError", true, 0]"#,
        ),
        (
            "await device.open()",
            r#""NotFoundError: The device was disconnected.""#,
        ),
        (
            "const told = new Promise(done => navigator.usb.onconnect = done);
             fakes.plug();
             const { device: found } = await told;
             return [found === device, (await navigator.usb.getDevices())[0] === found]",
            "[false, true]",
        ),
];

#[tokio::test]
async fn a_usb_device_is_as_chromium_has_it() -> anyhow::Result<()> {
    let port = Port {
        granted: vec![Device::Reader],
        is_configured: false,
        ..Port::with(FakeReader::RcS300)
    };
    let (_stack, browser) = empty_page(&port).await?;
    for (script, expected) in USB {
        let found = tried(&browser, script).await?;
        let expected: Value = serde_json::from_str(expected)?;
        ensure!(found == expected, "{script}: {found}");
    }
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_hid_device_is_as_chromium_has_it() -> anyhow::Result<()> {
    let port = Port {
        plugged: vec![Device::Reader, Device::Button],
        granted: vec![Device::Reader, Device::Button],
        ..Port::with(FakeReader::Baltech)
    };
    let (_stack, browser) = empty_page(&port).await?;
    // Asks for the sizes of the reader's buffers.
    let ask = "const frame = [0x2C, 0, 0, 0, 0, 0x4C, 0x46];
               await reader.sendReport(1, new Uint8Array([frame.length, 0, ...frame, ...Array(12 - frame.length).fill(0)]));";
    let table = [
        (
            "const devices = await navigator.hid.getDevices();
             [window.reader, window.button] = devices;
             return devices.map(device => [device.productName, device.collections[0].usagePage])"
                .to_owned(),
            json!([[FakeReader::Baltech.identity().name, 0xFF00], ["Stream Deck MK.2", 0x0C]]),
        ),
        (
            "await reader.sendReport(1, new Uint8Array(14))".to_owned(),
            json!("InvalidStateError: The device must be opened first."),
        ),
        (
            "await reader.open(); return reader.opened".to_owned(),
            json!(true),
        ),
        (
            "await reader.open()".to_owned(),
            json!("InvalidStateError: The device is already open."),
        ),
        (
            format!(
                "const told = new Promise(done => reader.oninputreport = done);
                 {ask}
                 const {{ reportId, data, device }} = await told;
                 return [reportId, data.byteLength, data.getUint8(2) & 0x7F, device === reader]"
            ),
            json!([1, 14, 0x2C, true]),
        ),
        (
            "await button.open();
             const told = new Promise(done => button.addEventListener('inputreport', done));
             fakes.press(3, true);
             const { reportId, data } = await told;
             return [reportId, data.byteLength, data.getUint8(6), data.getUint16(1, true)]"
                .to_owned(),
            json!([1, 511, 1, 15]),
        ),
        (
            "await reader.close(); fakes.held = 'open'; await reader.open()".to_owned(),
            json!("NotAllowedError: Failed to open the device."),
        ),
        (
            "fakes.held = null; await reader.open(); fakes.unplug();
             return await reader.sendReport(1, new Uint8Array(14)).catch(error => error.name)"
                .to_owned(),
            json!("NotAllowedError"),
        ),
        (
            "fakes.neverSettles = 'hid';
             return Promise.race([navigator.hid.getDevices(), new Promise(done => setTimeout(done, 50, 'silent'))])"
                .to_owned(),
            json!("silent"),
        ),
    ];
    for (script, expected) in table {
        let found = tried(&browser, &script).await?;
        ensure!(found == expected, "{script}: {found}");
    }
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn the_dialog_ends_as_it_is_told_and_the_choice_is_kept() -> anyhow::Result<()> {
    let (_stack, browser) = empty_page(&Port::with(FakeReader::RcS380)).await?;
    let click = async |filters: &str| {
        let button = format!(
            "const button = document.createElement('button');
             button.textContent = 'pick';
             button.onclick = () => window.picked = navigator.usb.requestDevice({{ filters: {filters} }})
               .then(device => device.productName, error => error.name);
             document.body.replaceChildren(button)"
        );
        browser.script::<Value>(&button).await?;
        browser.press("pick").await?;
        tried(&browser, "return await picked").await
    };
    let sony = "[{ vendorId: 0x054C, productId: 0x06C3 }]";
    for (dialog, filters, expected) in [
        (Dialog::Nothing, "[]", "NotFoundError"),
        (Dialog::Forbidden, "[]", "SecurityError"),
        (Dialog::Picks, "[{ vendorId: 1 }]", "NotFoundError"),
        (Dialog::Picks, sony, "RC-S380/P"),
    ] {
        browser.dialog_gets(dialog).await?;
        let found = click(filters).await?;
        ensure!(found == expected, "{dialog:?} {filters}: {found}");
    }
    browser.dialog_gets(Dialog::Picks).await?;
    browser.driver().refresh().await?;
    let kept = "return (await navigator.usb.getDevices()).length";
    ensure!(tried(&browser, kept).await? == 1, "the permission is lost");
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn only_one_tab_can_claim_an_interface() -> anyhow::Result<()> {
    let port = Port {
        granted: vec![Device::Reader],
        ..Port::with(FakeReader::RcS380)
    };
    let (stack, browser) = empty_page(&port).await?;
    let take = "const [device] = await navigator.usb.getDevices();
                await device.open(); await device.claimInterface(0); return 'mine'";
    ensure!(tried(&browser, take).await? == "mine");
    let first = browser.another_tab(&port).await?;
    browser
        .go(&format!("{}/api/openapi.json", stack.address()))
        .await?;
    let second = browser.driver().window().await?;
    let refused = tried(&browser, take).await?;
    ensure!(
        refused == "NetworkError: Unable to claim interface.",
        "{refused}"
    );
    browser.go_to_tab(&first).await?;
    browser.driver().close_window().await?;
    browser.go_to_tab(&second).await?;
    // The browser takes a closed tab down after it has said that it is closed.
    let taken = format!(
        "for (let tries = 0; tries < 100; tries += 1) {{
           try {{ return await (async () => {{ {take} }})() }} catch (error) {{ globalThis.last = error }}
           await new Promise(done => setTimeout(done, 100));
         }}
         throw globalThis.last"
    );
    let taken = tried(&browser, &taken).await?;
    ensure!(taken == "mine", "a closed tab keeps it: {taken}");
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_browser_may_lack_both() -> anyhow::Result<()> {
    let port = Port {
        features: Vec::new(),
        ..Port::with(FakeReader::RcS380)
    };
    let (_stack, browser) = empty_page(&port).await?;
    let has = "return ['usb', 'hid'].filter(name => name in navigator)";
    ensure!(tried(&browser, has).await? == json!([]));
    browser.close_after_failed_requests().await
}
