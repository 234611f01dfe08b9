//! Every state of a reader's own screen: for fingers, for eyes, and for who reads otherwise.

use anyhow::ensure;
use tests::reader::LOOKED_FOR;
use tests::{Bridge, Browser, Stack};

/// Upright, lying, and lying at 200 %.
const SIZES: [(u32, u32); 3] = [(800, 1280), (640, 400), (1280, 800)];

/// Buttons that are smaller than a finger, and links, which lead out.
const UNFIT: &str = "
    return [...document.querySelectorAll('.reader button, .reader a, .reader input')]
      .filter(control => control.matches('a') || (control.offsetParent !== null
        && (control.offsetHeight < 48 || control.offsetWidth < 48)))
      .map(control => control.outerHTML.slice(0, 120))";

async fn is_fit(screen: &Browser) -> anyhow::Result<()> {
    for (width, height) in SIZES {
        screen.fits(width, height).await?;
        screen.is_accessible().await?;
        let unfit: Vec<String> = screen.script(UNFIT).await?;
        ensure!(unfit.is_empty(), "{width}: {unfit:#?}");
    }
    let outside: u32 = screen
        .script("return document.querySelectorAll('.header, .footer, nav').length")
        .await?;
    ensure!(outside == 0, "the rest of the app is on the page");
    Ok(())
}

#[tokio::test]
async fn every_state_fits_and_is_accessible() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let desk = Browser::logged_in(&stack, "admin").await?;
    let passcode = desk.issued_passcode().await?;
    let screen = Browser::start().await?;
    screen.go(&format!("{}/reader", stack.address())).await?;
    screen.shows("register").await?;
    screen.sees("デモの読取画面として使う").await?;
    is_fit(&screen).await?;
    screen.press("デモの読取画面として使う").await?;
    screen.shows("normal").await?;
    is_fit(&screen).await?;
    screen.press("English").await?;
    screen.sees("Place your My Number Card").await?;
    is_fit(&screen).await?;
    screen.press("日本語").await?;
    screen.press("職員用ボタン").await?;
    screen.shows("passcode").await?;
    is_fit(&screen).await?;
    screen.enter("目視確認用パスコード", &passcode).await?;
    screen.press("確定").await?;
    screen.shows("confirm").await?;
    is_fit(&screen).await?;
    screen.press("目視で本人確認完了").await?;
    screen.shows("place").await?;
    is_fit(&screen).await?;
    screen.press("期限切れのカードを置く").await?;
    screen.shows("failed").await?;
    is_fit(&screen).await?;
    screen.press("有効なカードを置く").await?;
    screen.shows("consents").await?;
    screen.press("くわしく").await?;
    is_fit(&screen).await?;
    screen.answer_all("同意する").await?;
    screen.shows("over").await?;
    is_fit(&screen).await?;
    screen.press("カードを取る").await?;
    screen.shows("normal").await?;
    let address = desk.begin_at_terminal().await?;
    screen.shows("staff-confirms").await?;
    is_fit(&screen).await?;
    desk.call("DELETE", &address, serde_json::Value::Null)
        .await?;
    screen.shows("over").await?;
    screen.shows("normal").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn english_ends_with_the_patient_who_chose_it() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    desk.begin_confirmed().await?;
    screen.shows("place").await?;
    screen.press("English").await?;
    screen.press("有効なカードを置く").await?;
    screen.shows("consents").await?;
    screen
        .sees("Do you agree to share this information?")
        .await?;
    for _ in 0..3 {
        screen.find("//section[@role='group'][not(.//button[@aria-pressed='true'])]//button[normalize-space(.)='I agree']")
            .await?
            .click()
            .await?;
    }
    screen.press("Confirm").await?;
    screen.shows("over").await?;
    screen.press("カードを取る").await?;
    screen.shows("normal").await?;
    screen.is_headed("置いてください").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

/// Makes the program stop as soon as it has something new to show.
const NOTHING_CAN_BE_MADE: &str = "
    window.isOld = true;
    const fail = () => { throw new Error('nothing can be made'); };
    Document.prototype.createElement = fail;
    Document.prototype.createElementNS = fail;
    Node.prototype.cloneNode = fail;";

#[tokio::test]
async fn a_screen_that_stops_begins_anew_by_itself() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    screen.script::<()>(NOTHING_CAN_BE_MADE).await?;
    screen.press("職員用ボタン").await?;
    screen.sees("画面で問題が起きました").await?;
    screen.sees("自動で再読み込みします").await?;
    let way_on: String = screen
        .script("return document.querySelector('#crash a').href")
        .await?;
    ensure!(way_on == format!("{}/reader", stack.address()), "{way_on}");
    screen.until("return window.isOld !== true").await?;
    screen.shows("normal").await?;
    let stopped = ["panicked", "unreachable", "nothing can be made"];
    screen
        .close_after(&[&LOOKED_FOR[..], &stopped].concat())
        .await
}

/// Tells the page that every visual confirmation has two seconds left: to wait for three minutes
/// is the service's own tests'.
const NEARLY_OVER: &str = "
    const told = EventSource.prototype.addEventListener;
    EventSource.prototype.addEventListener = function (name, listener) {
      told.call(this, name, event => {
        if (name !== 'state') return listener(event);
        const data = event.data.replace(/\"expires_in_seconds\":\\d+/g, '\"expires_in_seconds\":2');
        listener(new MessageEvent('state', { data }));
      });
    };";

#[tokio::test]
async fn what_nobody_goes_on_with_ends_with_its_reason_on_both_sides() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::start().await?;
    screen.run_before_pages(NEARLY_OVER).await?;
    screen.become_reader_screen(&stack).await?;
    screen.shows("normal").await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    let address = desk.begin_at_terminal().await?;
    screen.shows("staff-confirms").await?;
    desk.run_before_pages(NEARLY_OVER).await?;
    desk.driver().refresh().await?;
    desk.is_at("メニュー").await?;
    desk.go_by(&["顔認証付きカードリーダー操作"]).await?;
    desk.reader_state("モード", "目視確認モード").await?;
    // As the service does it by itself.
    desk.call("DELETE", &address, serde_json::Value::Null)
        .await?;
    screen.shows("over").await?;
    screen.sees("操作がなかったため終わりました").await?;
    desk.sees("操作がなかったため、目視確認を終了しました")
        .await?;
    desk.reader_state("モード", "通常モード").await?;
    desk.is_accessible().await?;
    screen.shows("normal").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}
