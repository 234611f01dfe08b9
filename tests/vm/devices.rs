//! The devices themselves, before the app comes to them: what the kernel and the browser make of
//! them, and a certificate by each driver.

use std::time::Instant;

use anyhow::{Result, ensure};
use card::demo::DemoCard;
use card::reader::{Found, Model, Reader};
use card::virtual_card::VirtualCard;
use card::virtual_reader::{BaltechHabits, Kind, RcS300Habits};
use tests::emulated::EmulatedReader;
use tests::uhid::HidPort;
use tests::usbip::Bus;
use tests::{Machine, Stack};

use crate::medium::Medium;

/// Finds the card that lies on the reader, and reads its certificate.
async fn reads(medium: &Medium<'_>, model: Model, reader: &EmulatedReader) -> Result<()> {
    let (driver, ()) = medium.run(Reader::new(model).start_up()).await?;
    let (driver, found) = medium.run(driver.find_card()).await?;
    ensure!(found == Found::Nothing, "before a card: {found:?}");
    reader.place(VirtualCard::new(DemoCard::Valid.profile()));
    let (driver, found) = medium.run(driver.find_card()).await?;
    ensure!(found == Found::Card, "{found:?}");
    let (driver, card) = medium.run(driver.read_certificate(false)).await?;
    ensure!(card?.certificate.as_der() == DemoCard::Valid.certificate());
    medium.run(driver.release()).await?;
    ensure!(
        model == Model::Baltech || !reader.has_field(),
        "its field is on"
    );
    Ok(())
}

#[tokio::test]
async fn each_reader_is_a_device_of_the_kernels() -> Result<()> {
    let stack = Stack::start().await?;
    let began = Instant::now();
    let told = |what: &str| println!("{:6.1} s  {what}", began.elapsed().as_secs_f64());
    let rc_s380 = EmulatedReader::new(Kind::RcS380);
    let rc_s300 = EmulatedReader::new(Kind::RcS300(RcS300Habits::default()));
    let baltech = EmulatedReader::new(Kind::Baltech(BaltechHabits::default()));
    let bus = Bus::start(&[rc_s380.clone(), rc_s300.clone()])?;
    let hid = HidPort::start(&baltech)?;

    let mut machine = Machine::start()?;
    told("the machine runs");
    let origin = Machine::address(stack.port());
    let on_usb = [rc_s380.identity(), rc_s300.identity()];
    machine.allow(&origin, &on_usb, &[baltech.identity()])?;
    let page = machine.browser(&origin).await?;
    told("the browser runs");
    page.go(&format!("{origin}/log-in")).await?;
    told("the page is there");
    ensure!(page.script::<bool>("return isSecureContext").await?);
    Medium::prepare(&page).await?;

    for (number, reader, model) in [(0, &rc_s380, Model::RcS380), (1, &rc_s300, Model::RcS300)] {
        let medium = Medium::usb(&page, reader.identity());
        for round in 1..=2 {
            machine.plug_in(&bus, number)?;
            medium.is_there(true).await?;
            let seen = medium.open().await?;
            told(&format!("{seen}"));
            reads(&medium, model, reader).await?;
            told("its certificate is read");
            if round == 1 {
                // Another program could have it next.
                medium.close().await?;
                medium.open().await?;
            }
            bus.unplug(number)?;
            medium.is_there(false).await?;
            told("it is gone");
        }
    }
    let events = Medium::usb(&page, rc_s380.identity()).events().await?;
    ensure!(events == (4, 4), "{events:?}");
    let medium = Medium::hid(&page, baltech.identity());
    for _ in 1..=2 {
        machine.plug_in_hid(&hid)?;
        medium.is_there(true).await?;
        let seen = medium.open().await?;
        told(&format!("{seen}"));
        reads(&medium, Model::Baltech, &baltech).await?;
        told("its certificate is read");
        hid.unplug()?;
        medium.is_there(false).await?;
        told("it is gone");
    }
    let events = medium.events().await?;
    ensure!(events == (2, 2), "{events:?}");
    Ok(())
}
