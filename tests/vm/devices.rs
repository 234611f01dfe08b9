//! The devices themselves, before the app comes to them: what the kernel and the browser make of
//! them, and a certificate by each driver.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use card::demo::DemoCard;
use card::reader::{Found, Model, Reader};
use serde_json::json;
use tests::Browser;

use crate::medium::Medium;
use crate::site::{Port, Site};

/// Plugs each in, reads a card, and pulls it out while something is waited for.
pub(crate) async fn are_there(site: &mut Site, page: &Browser, ports: &[Port]) -> Result<()> {
    // Any document of the origin will do, and the app takes long to start here.
    page.go(&format!("{}/api/nothing", site.origin())).await?;
    site.tells("a page is there");
    ensure!(page.script::<bool>("return isSecureContext").await?);
    Medium::prepare(page).await?;
    for port in ports {
        let medium = port.medium(page);
        site.plug_in(port)?;
        medium.is_there(true).await?;
        if port.model == Model::RcS380 {
            belongs_to_the_kernel_first(site, &medium).await?;
        }
        let seen = medium.open().await?;
        site.tells(&format!("{seen} is open"));
        rules_hold(site, port, &medium).await?;
        reads(&medium, port).await?;
        site.tells("its certificate is read");
        goes_while_it_is_read_from(site, port, &medium).await?;
        medium.is_there(false).await?;
        site.plug_in(port)?;
        medium.is_there(true).await?;
        medium.open().await?;
        site.unplug(port)?;
        medium.is_there(false).await?;
        site.tells("it went, came, and went");
    }
    for (way, expected) in [("usb", (4, 4)), ("hid", (2, 2))] {
        let port = ports.iter().find(|port| port.way() == way);
        let events = match port {
            Some(port) => port.medium(page).events().await?,
            None => bail!("no reader by {way}"),
        };
        ensure!(events == expected, "{way}: {events:?}");
    }
    Ok(())
}

/// Linux has a driver of its own for it, and no page can take a device from that.
async fn belongs_to_the_kernel_first(site: &mut Site, medium: &Medium<'_>) -> Result<()> {
    const ITS_DRIVER: &str = "port100";
    // The driver is loaded after the device is seen.
    for _ in 0..100 {
        match medium.open().await {
            Ok(_) => medium.close().await?,
            Err(error) => {
                ensure!(error.to_string().contains("claim"), "{error}");
                medium.close().await?;
                site.tells("the kernel's own driver has it");
                return site.machine.bar(ITS_DRIVER);
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bail!(
        "no driver of the kernel's has it: {}",
        site.machine.console()?
    )
}

/// What the kernel and the browser allow, whatever an app would like.
async fn rules_hold(site: &Site, port: &Port, medium: &Medium<'_>) -> Result<()> {
    match port.model {
        Model::RcS380 => {
            site.halt(port)?;
            let halted = medium.call("stalled", vec![]).await?;
            ensure!(halted["status"] == "stall", "{halted}");
        }
        Model::RcS300 => {
            // That for smart cards.
            match medium.call("claim", vec![json!(0)]).await {
                Ok(_) => bail!("the browser gave its interface for smart cards away"),
                Err(error) => ensure!(error.to_string().contains("SecurityError"), "{error}"),
            }
        }
        Model::Baltech => {}
    }
    Ok(())
}

/// Finds the card that is placed on the reader, and reads its certificate.
async fn reads(medium: &Medium<'_>, port: &Port) -> Result<()> {
    let (driver, ()) = medium.run(Reader::new(port.model).start_up()).await?;
    let (driver, found) = medium.run(driver.find_card()).await?;
    ensure!(found == Found::Nothing, "before a card: {found:?}");
    port.place(DemoCard::Valid);
    let (driver, found) = medium.run(driver.find_card()).await?;
    ensure!(found == Found::Card, "{found:?}");
    let (driver, card) = medium.run(driver.read_certificate(false)).await?;
    ensure!(card?.certificate.as_der() == DemoCard::Valid.certificate());
    medium.run(driver.release()).await?;
    // BALTECH's stays on: there is no telling it.
    let has_field = port.reader.has_field();
    ensure!(has_field == (port.model == Model::Baltech), "{has_field}");
    Ok(())
}

/// A read that waits ends with the device.
async fn goes_while_it_is_read_from(site: &Site, port: &Port, medium: &Medium<'_>) -> Result<()> {
    let goes = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        site.unplug(port)
    };
    let wait = vec![json!(64), json!(10_000)];
    let (read, unplugged) = tokio::join!(medium.call("read", wait), goes);
    unplugged?;
    match read {
        // Reports are events: none comes any more.
        Ok(bytes) => ensure!(bytes.is_null() && port.way() == "hid", "{bytes}"),
        Err(error) => ensure!(port.way() == "usb", "{error}"),
    }
    Ok(())
}
