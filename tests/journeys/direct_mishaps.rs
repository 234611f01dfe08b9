//! What goes wrong with a reader that the page drives itself: it is pulled out, taken by
//! others, or answers late, twice or garbled.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use card::demo::DemoCard;
use serde_json::Value;
use tests::fakes::{FakeReader, Fault, Held, Port};
use tests::terminal::CONFIRMED;
use tests::{Browser, Stack};

const UNPLUGGED: &str = "カードリーダーが見つかりません";
const OCCUPIED: &str = "カードリーダーをほかのプログラムが使っています";

/// It is pulled out at every step, and put in again.
async fn unplugged_at_every_step(reader: FakeReader) -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let screen = Browser::reader_screen_with(&stack, reader).await?;
    let desk = Browser::terminal(&stack, "staff").await?;
    let is_noticed = async || {
        screen.shows("trouble").await?;
        screen.sees(UNPLUGGED).await?;
        desk.reader_state("カードリーダー", "接続されていません")
            .await
    };
    // While it is looked for cards, and while one lies there.
    for card in [None, Some("valid")] {
        if let Some(card) = card {
            screen.place_card(card).await?;
            screen.notices_card(true).await?;
        }
        screen.unplug_reader().await?;
        is_noticed().await?;
        screen.plug_reader().await?;
        screen.shows("normal").await?;
        screen.notices_card(card.is_some()).await?;
    }
    screen.is_accessible().await?;
    screen.take_card().await?;
    desk.reader_state("カードリーダー", "カードなし").await?;
    desk.switch_to_visual().await?;
    screen.shows("staff-confirms").await?;
    screen.unplug_reader().await?;
    desk.reader_state("カードリーダー", "接続されていません")
        .await?;
    screen.shows("staff-confirms").await?;
    screen.plug_reader().await?;
    desk.reader_state("カードリーダー", "カードなし").await?;
    desk.set_tick(CONFIRMED, true).await?;
    screen.shows("place").await?;
    screen.unplug_reader().await?;
    is_noticed().await?;
    screen.plug_reader().await?;
    screen.shows("place").await?;
    // While the card is read.
    for commands in [1, 2, 5, 9] {
        screen.disturb(commands, 0, Fault::Unplugged).await?;
        screen.place_card("valid").await?;
        is_noticed().await?;
        screen.take_card().await?;
        screen.plug_reader().await?;
        screen.shows("place").await?;
    }
    screen.place_card("valid").await?;
    screen.shows("consents").await?;
    // The answers do not need it. When it is back it can't be told whose card lies there.
    screen.unplug_reader().await?;
    desk.reader_state("カードリーダー", "接続されていません")
        .await?;
    screen.shows("consents").await?;
    screen.plug_reader().await?;
    screen.keeps_card_and_goes_on().await?;
    screen.answer_all("同意する").await?;
    desk.is_at("資格情報確認").await?;
    ensure!(desk.value_of("氏名").await? == "新橋　太郎");
    screen.shows("over").await?;
    screen.unplug_reader().await?;
    screen.shows("trouble").await?;
    screen.take_card().await?;
    screen.plug_reader().await?;
    screen.shows("normal").await?;
    screen.close_after_failed_requests().await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn an_rc_s380_may_be_pulled_out_at_every_step() -> anyhow::Result<()> {
    unplugged_at_every_step(FakeReader::RcS380).await
}

#[tokio::test]
async fn an_rc_s300_may_be_pulled_out_at_every_step() -> anyhow::Result<()> {
    unplugged_at_every_step(FakeReader::RcS300).await
}

#[tokio::test]
async fn a_baltech_reader_may_be_pulled_out_at_every_step() -> anyhow::Result<()> {
    unplugged_at_every_step(FakeReader::Baltech).await
}

#[tokio::test]
async fn a_reader_may_come_late() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    for reader in [FakeReader::RcS380, FakeReader::Baltech] {
        let port = Port {
            plugged: Vec::new(),
            // The system has not looked at it yet.
            is_configured: false,
            ..Port::used(reader)
        };
        let screen = Browser::reader_screen_at(&stack, &port).await?;
        screen.sees(UNPLUGGED).await?;
        screen.plug_reader().await?;
        screen.shows("normal").await?;
        screen.close_after_failed_requests().await?;
    }
    Ok(())
}

#[tokio::test]
async fn another_program_may_have_the_reader() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    for (reader, held) in [
        (FakeReader::RcS380, Held::Open),
        (FakeReader::RcS300, Held::Claim),
        (FakeReader::Baltech, Held::Open),
    ] {
        let port = Port {
            held: Some(held),
            ..Port::used(reader)
        };
        let screen = Browser::reader_screen_at(&stack, &port).await?;
        screen.sees(OCCUPIED).await?;
        screen.is_accessible().await?;
        ensure!(!screen.fakes::<bool>("isOpen('reader')").await? || held == Held::Claim);
        screen.is_held_elsewhere(None).await?;
        screen.shows("normal").await?;
        screen.close_after_failed_requests().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_browser_may_never_say_which_devices_it_has() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let port = Port {
        never_settles: Some("hid"),
        ..Port::used(FakeReader::Baltech)
    };
    let screen = Browser::reader_screen_at(&stack, &port).await?;
    screen.shows("trouble").await?;
    screen.script::<Value>("fakes.neverSettles = null").await?;
    screen.unplug_reader().await?;
    screen.plug_reader().await?;
    screen.shows("normal").await?;
    screen.close_after_failed_requests().await
}

#[tokio::test]
async fn a_browser_without_the_feature_is_told_of_others() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    for reader in [FakeReader::RcS380, FakeReader::Baltech] {
        let port = Port {
            features: Vec::new(),
            ..Port::used(reader)
        };
        let screen = Browser::reader_screen_at(&stack, &port).await?;
        screen
            .sees("このブラウザーでは、カードリーダーを直接使えません")
            .await?;
        screen.is_accessible().await?;
        screen.close_after_failed_requests().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_permission_may_be_taken_back() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let port = Port {
        granted: Vec::new(),
        ..Port::used(FakeReader::RcS380)
    };
    let screen = Browser::reader_screen_at(&stack, &port).await?;
    // Nobody can tell a device that is not there from one that may not be used.
    screen.sees(UNPLUGGED).await?;
    screen.close_after_failed_requests().await
}

#[tokio::test]
async fn a_card_that_goes_while_it_is_read_may_come_back() -> anyhow::Result<()> {
    for reader in FakeReader::ALL {
        let stack = Stack::start().await?;
        let screen = Browser::reader_screen_with(&stack, reader).await?;
        let desk = Browser::logged_in(&stack, "staff").await?;
        let address = begun(&screen, &desk).await?;
        for commands in [1, 6] {
            screen.disturb(commands, 0, Fault::CardRemoved).await?;
            screen.place_card("valid").await?;
            screen.is_disturbed().await?;
            screen.shows("place").await?;
            screen.sees("早くはずされました").await?;
        }
        screen.place_card("valid").await?;
        screen.shows("consents").await?;
        desk.call("DELETE", &address, Value::Null).await?;
        screen.close_after_failed_requests().await?;
        desk.close_after_failed_requests().await?;
    }
    Ok(())
}

/// A confirmation that waits for its card.
async fn begun(screen: &Browser, desk: &Browser) -> anyhow::Result<String> {
    let address = desk.begin_at_terminal().await?;
    desk.tick(&address, true).await?;
    screen.shows("place").await?;
    Ok(address)
}

/// Keeps the certificates that the page hands in.
const LISTEN: &str = "
    const nativeFetch = window.fetch;
    window.handedIn = [];
    window.fetch = async (input, init) => {
      const request = new Request(input, init);
      if (request.url.endsWith('/card')) handedIn.push(await request.clone().json());
      return nativeFetch(request);
    }";

/// Disturbs transfers all along a reading. The certificate arrives, and is the card's; or an
/// error is told, and the next try brings it.
async fn disturbed(reader: FakeReader, table: &[(u32, u32, Fault)]) -> anyhow::Result<()> {
    let stack = Stack::start_with(&["--without-rate-limits"]).await?;
    let screen = Browser::reader_screen_with(&stack, reader).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    screen.script::<Value>(LISTEN).await?;
    let right = STANDARD.encode(DemoCard::Valid.certificate());
    for (commands, ahead, fault) in table {
        let address = begun(&screen, &desk).await?;
        screen.script::<Value>("handedIn.length = 0").await?;
        screen.disturb(*commands, *ahead, *fault).await?;
        screen.place_card("valid").await?;
        let what = format!("{fault:?} at {commands} + {ahead}");
        if !reaches_consents(&screen).await.context(what.clone())? {
            screen.take_card().await?;
            is_empty(&desk).await.context(what.clone())?;
            screen.place_card("valid").await?;
            screen.shows("consents").await.context(what.clone())?;
        }
        screen.is_disturbed().await.context(what.clone())?;
        let handed_in: Vec<Value> = screen.script("return handedIn").await?;
        for reading in handed_in {
            if let Some(certificate) = reading["certificate"].as_str() {
                // Nothing but the signature protects what an RC-S300 says, and the service looks at that.
                let may_be_wrong = reader == FakeReader::RcS300;
                ensure!(certificate == right || may_be_wrong, "{what}: {reading}");
            }
        }
        desk.call("DELETE", &address, Value::Null).await?;
        screen.take_card().await?;
        screen.shows("normal").await?;
    }
    screen.close_after_failed_requests().await?;
    desk.close_after_failed_requests().await
}

/// Waits until the terminal knows that the reader is ready, and no card there.
async fn is_empty(desk: &Browser) -> anyhow::Result<()> {
    for _ in 0..100 {
        let state = desk.terminal_state().await?;
        if state["readers"][0]["card_reader"] == "ready" {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    bail!("the reader does not come back")
}

/// Whether the questions come; `false` once something else is told.
async fn reaches_consents(screen: &Browser) -> anyhow::Result<bool> {
    const TOLD: &str = "
        const view = document.querySelector('main').dataset.view;
        const told = ['早くはずされました', '裏返し', 'とってください'];
        const isAgain = told.some(words => document.body.innerText.includes(words));
        return view === 'place' && isAgain ? 'again' : view";
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(40) {
        match screen.script::<String>(TOLD).await?.as_str() {
            "consents" => return Ok(true),
            "again" | "failed" => return Ok(false),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    let shown: String = screen.script("return document.body.innerText").await?;
    bail!("nothing is told: {shown}")
}

/// The first command, one of the certificate, and the last; what is sent, and what comes back.
fn each_fault(answer: u32) -> Vec<(u32, u32, Fault)> {
    let faults = [
        (0, Fault::Garbled(90)),
        (0, Fault::Cut(5)),
        (0, Fault::Twice),
        (answer, Fault::Garbled(100)),
        (answer, Fault::Cut(9)),
        (answer, Fault::Split(7)),
        (answer, Fault::Twice),
        (answer, Fault::Late(300)),
        (answer, Fault::Late(2_500)),
    ];
    let places = [1, 5, 9].into_iter();
    places
        .flat_map(|commands| faults.map(|(ahead, fault)| (commands, ahead, fault)))
        .collect()
}

#[tokio::test]
async fn an_rc_s380_that_is_disturbed_brings_no_wrong_certificate() -> anyhow::Result<()> {
    // Its answer comes after an acknowledgement.
    let mut table = each_fault(2);
    table.extend([
        (3, 1, Fault::Garbled(20)),
        (3, 1, Fault::Late(300)),
        (3, 1, Fault::Twice),
    ]);
    disturbed(FakeReader::RcS380, &table).await
}

#[tokio::test]
async fn an_rc_s300_that_is_disturbed_brings_no_wrong_result() -> anyhow::Result<()> {
    disturbed(FakeReader::RcS300, &each_fault(1)).await
}

#[tokio::test]
async fn a_baltech_reader_that_is_disturbed_brings_no_wrong_certificate() -> anyhow::Result<()> {
    disturbed(FakeReader::Baltech, &each_fault(1)).await
}
