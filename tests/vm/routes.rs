//! 目視確認 from the terminal, through readers that the machine's kernel sees.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use card::demo::DemoCard;
use serde_json::{Value, json};
use tests::Browser;
use tests::terminal::{CONFIRMED, READERS};

use crate::site::{Port, Site};

/// The whole route, with a reader that comes late and is pulled out while the card is read.
pub(crate) async fn go_through(
    site: &mut Site,
    desk: &Browser,
    screen: &Browser,
    port: &Port,
) -> Result<()> {
    chooses(screen, port).await?;
    screen.go(&format!("{}/reader", site.origin())).await?;
    screen.shows("trouble").await?;
    site.plug_in(port)?;
    screen.shows("normal").await?;
    site.tells(&format!(
        "{} is the screen's reader",
        port.reader.identity().name
    ));

    desk.reader_state("カードリーダー", "カードなし").await?;
    desk.switch_to_visual().await?;
    screen.shows("staff-confirms").await?;
    desk.set_tick(CONFIRMED, true).await?;
    screen.shows("place").await?;
    port.place(DemoCard::Valid);
    is_being_read(port).await?;
    site.unplug(port)?;
    screen.shows("trouble").await?;
    site.tells("it was pulled out in the middle");

    site.plug_in(port)?;
    screen.shows("place").await?;
    port.place(DemoCard::Valid);
    screen.shows("consents").await?;
    site.tells("the card is read");
    // The patient keeps his card, and goes on. A page that is kept from running for seconds loses sight
    // of the card by itself, and asks the same.
    port.reader.remove();
    screen.keeps_card_and_goes_on().await?;
    screen.answer_all("同意する").await?;
    desk.is_at("資格情報確認").await?;
    ensure!(desk.value_of("氏名").await? == "新橋　太郎");
    ensure!(desk.value_of("確認の方法").await? == "目視確認・カード提示");
    screen.shows("normal").await?;
    site.unplug(port)?;
    screen.shows("trouble").await?;
    site.tells("the eligibility is on the terminal");
    Ok(())
}

/// A browser that becomes a reader screen of the demo.
pub(crate) async fn register(site: &Site, screen: &Browser) -> Result<()> {
    screen.go(&format!("{}/reader", site.origin())).await?;
    screen.shows("register").await?;
    screen.press("デモの読取画面として使う").await?;
    screen.is_gone("//main[@data-view='register']").await
}

/// Back to where the next person is begun with.
pub(crate) async fn again(desk: &Browser) -> Result<()> {
    desk.press("メニュー").await?;
    desk.go_by(&[READERS]).await
}

/// As a click in the browser's dialog would: policy has given the permission, and nobody is there to click.
async fn chooses(screen: &Browser, port: &Port) -> Result<()> {
    let identity = port.reader.identity();
    let choice = json!({
        "way": port.way(),
        "vendor": identity.vendor,
        "product": identity.product,
    });
    let text = choice.to_string();
    let keep = format!("localStorage.setItem('shikaku.reader', {text:?})");
    screen.script::<Value>(&keep).await.map(drop)
}

async fn is_being_read(port: &Port) -> Result<()> {
    for _ in 0..6_000 {
        if port.reader.counts().commands >= 3 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    bail!("the card lies there and is not read")
}
