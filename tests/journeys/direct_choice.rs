//! Choosing a reader, and the thing that is the staff button, as staff do it: with the browser's
//! dialog, and what follows when it brings nothing.

use anyhow::ensure;
use serde_json::Value;
use tests::fakes::{Device, Dialog, FakeReader, Port};
use tests::reader::LOOKED_FOR;
use tests::{Browser, Stack};

const CHOOSE: &str = "カードリーダーを選ぶ";

/// The button that leads to a reader.
const fn button(reader: FakeReader) -> &'static str {
    match reader {
        FakeReader::Baltech => "HIDのカードリーダーを選ぶ",
        _ => "USBのカードリーダーを選ぶ",
    }
}

async fn choice(screen: &Browser) -> anyhow::Result<()> {
    screen.press(CHOOSE).await?;
    screen.shows("choose").await
}

async fn close_choice(screen: &Browser, view: &str) -> anyhow::Result<()> {
    screen.press("閉じる").await?;
    screen.shows(view).await
}

async fn picked_and_given_back(reader: FakeReader) -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let screen = Browser::reader_screen_at(&stack, &Port::with(reader)).await?;
    screen.shows("trouble").await?;
    choice(&screen).await?;
    screen.is_accessible().await?;
    for (dialog, told) in [
        (Dialog::Nothing, "何も選ばれませんでした"),
        (Dialog::Forbidden, "ブラウザーの設定で禁止されています"),
        (Dialog::Picks, "選びました"),
    ] {
        screen.dialog_gets(dialog).await?;
        screen.press(button(reader)).await?;
        screen.sees(told).await?;
    }
    screen.sees(reader.identity().name).await?;
    screen.is_accessible().await?;
    close_choice(&screen, "normal").await?;
    screen.place_card("valid").await?;
    screen.notices_card(true).await?;
    // Remembered, and nobody is asked again.
    screen.driver().refresh().await?;
    screen.shows("normal").await?;
    screen.notices_card(true).await?;
    let log: Vec<String> = screen.script("return fakes.log").await?;
    ensure!(!log.contains(&"dialog".to_owned()), "{log:?}");
    choice(&screen).await?;
    screen.press("この端末のブリッジを使う").await?;
    screen.reader_is_left().await?;
    screen.close_after(&LOOKED_FOR).await
}

#[tokio::test]
async fn an_rc_s380_is_picked_and_given_back() -> anyhow::Result<()> {
    picked_and_given_back(FakeReader::RcS380).await
}

#[tokio::test]
async fn an_rc_s300_is_picked_and_given_back() -> anyhow::Result<()> {
    picked_and_given_back(FakeReader::RcS300).await
}

#[tokio::test]
async fn a_baltech_reader_is_picked_and_given_back() -> anyhow::Result<()> {
    picked_and_given_back(FakeReader::Baltech).await
}

#[tokio::test]
async fn a_browser_without_usb_and_hid_is_left_the_bridge() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let port = Port {
        features: Vec::new(),
        ..Port::with(FakeReader::RcS380)
    };
    let screen = Browser::reader_screen_at(&stack, &port).await?;
    choice(&screen).await?;
    screen.sees("このブラウザーでは使えません").await?;
    screen
        .find("//button[normalize-space(.)='USBのカードリーダーを選ぶ'][@aria-disabled='true']")
        .await?;
    screen.is_accessible().await?;
    screen.press("この端末のブリッジを使う").await?;
    screen.shows("choose").await?;
    screen
        .keys(thirtyfour::Key::Escape.value().to_string())
        .await?;
    screen.shows("trouble").await?;
    screen.close_after(&LOOKED_FOR).await
}

async fn press_deck(screen: &Browser, key: u8) -> anyhow::Result<()> {
    for is_down in [true, false] {
        screen
            .fakes::<Value>(&format!("press({key}, {is_down})"))
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_stream_deck_is_the_staff_button() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let port = Port {
        plugged: vec![Device::Reader, Device::Button],
        ..Port::used(FakeReader::RcS380)
    };
    let screen = Browser::reader_screen_at(&stack, &port).await?;
    screen.shows("normal").await?;
    choice(&screen).await?;
    screen.press("Stream Deckを選ぶ").await?;
    screen.sees("Stream Deck MK.2（つながっています").await?;
    close_choice(&screen, "normal").await?;
    press_deck(&screen, 4).await?;
    screen.shows("passcode").await?;
    screen.press("戻る").await?;
    screen.shows("normal").await?;
    // Pulled out, and in again.
    screen.fakes::<Value>("unplug('button')").await?;
    choice(&screen).await?;
    screen.sees("Stream Deck（見つかりません").await?;
    screen.is_accessible().await?;
    screen.fakes::<Value>("plug('button')").await?;
    screen.sees("Stream Deck MK.2（つながっています").await?;
    close_choice(&screen, "normal").await?;
    press_deck(&screen, 0).await?;
    screen.shows("passcode").await?;
    screen.driver().refresh().await?;
    screen.shows("normal").await?;
    screen.until("return fakes.isOpen('button')").await?;
    press_deck(&screen, 14).await?;
    screen.shows("passcode").await?;
    screen.press("戻る").await?;
    choice(&screen).await?;
    screen.press("機器を使わない").await?;
    screen.until("return !fakes.isOpen('button')").await?;
    screen.close_after_failed_requests().await
}

#[tokio::test]
async fn a_key_is_the_staff_button() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let screen = Browser::reader_screen_with(&stack, FakeReader::RcS380).await?;
    choice(&screen).await?;
    screen.press("キーを押して登録").await?;
    screen
        .sees("使うキー、ペダル、キーパッドを押してください")
        .await?;
    // One that the page needs itself.
    screen.keys("5").await?;
    screen.sees("「5」").await?;
    screen.keys("b").await?;
    screen.sees("キー「B」").await?;
    close_choice(&screen, "normal").await?;
    screen.keys("b").await?;
    screen.shows("passcode").await?;
    screen.keys("b").await?;
    screen.press("戻る").await?;
    screen.shows("normal").await?;
    screen.driver().refresh().await?;
    screen.shows("normal").await?;
    screen.keys("b").await?;
    screen.shows("passcode").await?;
    screen.close_after_failed_requests().await
}
