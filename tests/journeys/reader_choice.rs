//! カードリーダーを選ぶ: the page on which staff choose the reader and the thing that is their button.

use anyhow::ensure;
use serde_json::json;
use tests::reader::LOOKED_FOR;
use tests::{Bridge, Browser, Stack};

/// Upright, lying, a telephone, and 1280×800 at 200 % and at 400 %.
const SIZES: [(u32, u32); 5] = [(800, 1280), (360, 740), (640, 400), (320, 200), (1280, 800)];

/// A Stream Deck Pedal as `navigator.hid` has it, and in `deck` how to press and to plug it.
const STREAM_DECK: &str = "
    const pedal = Object.assign(new EventTarget(), {
      vendorId: 0x0FD9, productId: 0x0086, productName: 'Stream Deck Pedal',
      collections: [], opened: false,
      open: async () => { pedal.opened = true; },
      close: async () => { pedal.opened = false; },
    });
    const hid = new EventTarget();
    const isGranted = () => localStorage.getItem('pedal') === 'granted';
    let isPlugged = true;
    hid.getDevices = async () => isGranted() && isPlugged ? [pedal] : [];
    hid.requestDevice = async options => {
      deck.asked = options.filters.map(filter => filter.vendorId);
      if (!deck.isPicked) return [];
      localStorage.setItem('pedal', 'granted');
      return [pedal];
    };
    const send = (target, name, members) =>
      target.dispatchEvent(Object.assign(new Event(name), { device: pedal }, members));
    globalThis.deck = {
      isPicked: false,
      isOpen: () => pedal.opened,
      report: (...bytes) => send(pedal, 'inputreport', {
        reportId: 1, data: new DataView(new Uint8Array(bytes).buffer),
      }),
      plug: plugged => {
        isPlugged = plugged;
        if (!plugged) pedal.opened = false;
        send(hid, plugged ? 'connect' : 'disconnect', {});
      },
    };
    Object.defineProperty(navigator, 'hid', { value: hid });";

/// Waits until a section of the page has a text.
async fn says(screen: &Browser, of: &str, text: &str) -> anyhow::Result<()> {
    let section = format!("//section[.//h2[normalize-space(.)='{of}']]");
    screen
        .find(&format!(
            "{section}//*[contains(normalize-space(.), '{text}')]"
        ))
        .await
        .map(drop)
}

async fn does(screen: &Browser, script: &str) -> anyhow::Result<()> {
    screen.script::<Option<bool>>(script).await.map(drop)
}

#[tokio::test]
async fn staff_see_what_is_connected_and_what_else_there_is() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let mut bridge = Bridge::start(&stack).await?;
    let screen = Browser::start().await?;
    screen
        .go(&format!("{}/reader#12345678", stack.address()))
        .await?;
    // Before it is registered; what was typed stays.
    screen.shows("register").await?;
    screen.press("カードリーダーを選ぶ").await?;
    screen.shows("choose").await?;
    screen.press("閉じる").await?;
    screen.shows("register").await?;
    screen
        .until("return document.querySelector('#pairing-code').value === '12345678'")
        .await?;
    screen.press("デモの読取画面として使う").await?;
    screen.shows("normal").await?;
    screen.press("カードリーダーを選ぶ").await?;
    screen.shows("choose").await?;
    says(&screen, "いまのカードリーダー", "模擬").await?;
    says(&screen, "いまのカードリーダー", "使用中").await?;
    for (width, height) in SIZES {
        screen.fits(width, height).await?;
    }
    screen.is_accessible().await?;
    screen.press("有効なカードを置く").await?;
    says(&screen, "いまのカードリーダー", "カードが置かれています").await?;
    screen.press("カードを取る").await?;
    // Nothing was asked of the browser, and the bridge is chosen in words now.
    screen.press("この端末のブリッジを使う").await?;
    says(&screen, "いまのカードリーダー", "使用中").await?;
    let kept: String = screen
        .script("return localStorage.getItem('shikaku.reader')")
        .await?;
    ensure!(kept == r#"{"way":"bridge"}"#, "{kept}");
    // Without a reader it is where staff look first. That none runs, or that only somebody
    // else's does: other programs of this machine may listen on the other ports.
    bridge.kill()?;
    says(&screen, "いまのカードリーダー", "ブリッジが").await?;
    screen.is_accessible().await?;
    screen.keys("\u{e00c}").await?;
    screen.shows("trouble").await?;
    screen.press("カードリーダーを選ぶ").await?;
    screen.shows("choose").await?;
    screen.close_after(&LOOKED_FOR).await
}

#[tokio::test]
async fn a_visual_confirmation_comes_before_the_choice() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    screen.press("カードリーダーを選ぶ").await?;
    screen.shows("choose").await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    let address = desk.begin_at_terminal().await?;
    screen.shows("staff-confirms").await?;
    desk.tick(&address, true).await?;
    screen.shows("place").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn a_key_is_the_staff_button() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    screen.keys("b").await?;
    screen.press("カードリーダーを選ぶ").await?;
    screen.shows("choose").await?;
    let button = "職員用ボタン（機器）";
    says(&screen, button, "なし").await?;
    screen.press("キーを押して登録").await?;
    for (key, name) in [("\u{e006}", "Enter"), ("5", "5"), (" ", "スペース")] {
        screen.keys(key).await?;
        says(
            &screen,
            button,
            &format!("「{name}」は、この画面の操作に使う"),
        )
        .await?;
    }
    screen.is_accessible().await?;
    // Escape ends the waiting, and not yet the page.
    screen.keys("\u{e00c}").await?;
    screen.press("キーを押して登録").await?;
    screen.shows("choose").await?;
    screen.keys("b").await?;
    says(&screen, button, "キー「B」").await?;
    // Here it is only told of.
    screen.keys("b").await?;
    screen.shows("choose").await?;
    screen.keys("\u{e00c}").await?;
    screen.shows("normal").await?;
    screen.keys("b").await?;
    screen.shows("passcode").await?;
    screen.press("戻る").await?;
    screen.shows("normal").await?;
    // It is remembered.
    screen.driver().refresh().await?;
    screen.shows("normal").await?;
    screen.keys("b").await?;
    screen.shows("passcode").await?;
    screen.press("戻る").await?;
    screen.press("カードリーダーを選ぶ").await?;
    screen.press("機器を使わない").await?;
    says(&screen, button, "なし").await?;
    screen.press("閉じる").await?;
    screen.shows("normal").await?;
    screen.keys("b").await?;
    screen.press("職員用ボタン").await?;
    screen.shows("passcode").await?;
    screen.close_after(&LOOKED_FOR).await
}

#[tokio::test]
async fn a_stream_deck_is_the_staff_button() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::start().await?;
    let injected = json!({ "source": STREAM_DECK });
    screen
        .devtools("Page.addScriptToEvaluateOnNewDocument", injected)
        .await?;
    screen.go(&format!("{}/reader", stack.address())).await?;
    screen.press("デモの読取画面として使う").await?;
    screen.shows("normal").await?;
    screen.press("カードリーダーを選ぶ").await?;
    let button = "職員用ボタン（機器）";
    let is_open = "return deck.isOpen()";
    let is_closed = "return !deck.isOpen()";
    // The dialog is closed without a choice.
    screen.press("Stream Deckを選ぶ").await?;
    says(&screen, button, "何も選ばれませんでした").await?;
    screen.until("return deck.asked[0] === 0x0FD9").await?;
    does(&screen, "deck.isPicked = true").await?;
    screen.press("Stream Deckを選ぶ").await?;
    says(&screen, button, "Stream Deck Pedal（つながっています").await?;
    screen.until(is_open).await?;
    screen.press("閉じる").await?;
    screen.shows("normal").await?;
    // A dial is no key; a key that is held is one press.
    does(&screen, "deck.report(3, 2, 0, 1, 1)").await?;
    does(&screen, "deck.report(0, 3, 0, 0, 0, 0)").await?;
    screen.shows("normal").await?;
    does(&screen, "deck.report(0, 3, 0, 0, 1, 0)").await?;
    screen.shows("passcode").await?;
    screen.press("戻る").await?;
    does(&screen, "deck.report(0, 3, 0, 0, 1, 1)").await?;
    screen.shows("normal").await?;
    does(&screen, "deck.report(0, 3, 0, 0, 0, 0)").await?;
    // Pulled out, and plugged in again.
    screen.press("カードリーダーを選ぶ").await?;
    does(&screen, "deck.plug(false)").await?;
    says(&screen, button, "Stream Deck（見つかりません").await?;
    does(&screen, "deck.plug(true)").await?;
    says(&screen, button, "つながっています").await?;
    // After a reload it is there without asking.
    screen.driver().refresh().await?;
    screen.shows("normal").await?;
    screen.until(is_open).await?;
    does(&screen, "deck.report(0, 3, 0, 1, 0, 0)").await?;
    screen.shows("passcode").await?;
    screen.press("戻る").await?;
    // Left, it is closed.
    screen.press("カードリーダーを選ぶ").await?;
    screen.press("機器を使わない").await?;
    screen.until(is_closed).await?;
    says(&screen, button, "なし").await?;
    screen.close_after(&LOOKED_FOR).await
}
