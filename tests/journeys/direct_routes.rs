//! 目視確認 by both routes through readers that the page drives itself, over WebUSB and WebHID,
//! with virtual cards on virtual readers.

use anyhow::ensure;
use tests::fakes::FakeReader;
use tests::terminal::{CONFIRMED, READERS};
use tests::{Browser, Stack};

/// From 「目視確認」 at the terminal to its eligibility.
async fn terminal_route(reader: FakeReader) -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let screen = Browser::reader_screen_with(&stack, reader).await?;
    let desk = Browser::terminal(&stack, "staff").await?;
    desk.reader_state("カードリーダー", "カードなし").await?;
    // A card that lies there already is not read before the tick.
    screen.place_card("valid").await?;
    screen.notices_card(true).await?;
    desk.reader_state("カードリーダー", "カードあり").await?;
    desk.switch_to_visual().await?;
    screen.shows("staff-confirms").await?;
    let read = screen.commands().await?;
    ensure!(read == 0, "it was read before the tick");
    // The card is read at once, and then the tick can't be taken back any more.
    desk.tick_box(CONFIRMED).await?.click().await?;
    screen.answer_all("同意する").await?;
    desk.is_at("資格情報確認").await?;
    ensure!(desk.value_of("氏名").await? == "新橋　太郎");
    ensure!(desk.value_of("確認の方法").await? == "目視確認・カード提示");
    screen.shows("over").await?;
    screen.sees("カードをお取りください").await?;
    let read = screen.commands().await?;
    ensure!(read > 0, "somebody else's answer");
    screen.take_card().await?;
    screen.shows("normal").await?;
    screen.holds_nothing_personal().await?;
    leave(&stack, screen, reader).await?;
    desk.close_after_failed_requests().await
}

/// From the passcode at the reader's screen to the result at the terminal.
async fn readers_route(reader: FakeReader) -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let screen = Browser::reader_screen_with(&stack, reader).await?;
    let admin = Browser::logged_in(&stack, "admin").await?;
    let passcode = admin.issued_passcode().await?;
    admin.go_by(&[READERS]).await?;
    screen.press("職員用ボタン").await?;
    screen.press_digits(&passcode).await?;
    screen.press("確定").await?;
    screen.shows("confirm").await?;
    screen.press(CONFIRMED).await?;
    screen.shows("place").await?;
    screen.place_card("expired").await?;
    screen.shows("failed").await?;
    screen
        .sees("利用者証明用電子証明書の有効期限が切れています")
        .await?;
    screen.take_card().await?;
    admin.reader_state("カードリーダー", "カードなし").await?;
    screen.place_card("valid").await?;
    screen.shows("consents").await?;
    // The patient keeps his card, and goes on.
    screen.take_card().await?;
    screen.keeps_card_and_goes_on().await?;
    screen.answer_all("同意しない").await?;
    screen.shows("over").await?;
    admin.press("結果を表示").await?;
    admin.is_at("資格情報確認").await?;
    ensure!(admin.value_of("氏名").await? == "新橋　太郎");
    screen.shows("normal").await?;
    leave(&stack, screen, reader).await?;
    admin.close_after_failed_requests().await
}

/// Leaves the page, and sees how it has left the reader.
async fn leave(stack: &Stack, screen: Browser, reader: FakeReader) -> anyhow::Result<()> {
    screen.go(&stack.address()).await?;
    screen.is_at("ログイン").await?;
    if reader != FakeReader::Baltech {
        screen.field_was_left_off().await?;
    }
    screen.close_after_failed_requests().await
}

#[tokio::test]
async fn the_terminal_route_through_an_rc_s380() -> anyhow::Result<()> {
    terminal_route(FakeReader::RcS380).await
}

#[tokio::test]
async fn the_terminal_route_through_an_rc_s300() -> anyhow::Result<()> {
    terminal_route(FakeReader::RcS300).await
}

#[tokio::test]
async fn the_terminal_route_through_a_baltech_reader() -> anyhow::Result<()> {
    terminal_route(FakeReader::Baltech).await
}

#[tokio::test]
async fn the_readers_route_through_an_rc_s380() -> anyhow::Result<()> {
    readers_route(FakeReader::RcS380).await
}

#[tokio::test]
async fn the_readers_route_through_an_rc_s300_that_leaves_blocks_to_the_page() -> anyhow::Result<()>
{
    readers_route(FakeReader::RcS300ByBlocks).await
}

#[tokio::test]
async fn the_readers_route_through_a_baltech_reader() -> anyhow::Result<()> {
    readers_route(FakeReader::Baltech).await
}
