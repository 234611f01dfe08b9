//! 「読取画面の登録」 and 「同意の質問」.

use anyhow::ensure;
use tests::reader::LOOKED_FOR;
use tests::{Bridge, Browser, Stack};

const PATH: &[&str] = &["アカウント情報管理", "読取画面の登録"];

#[tokio::test]
async fn a_screen_is_registered_by_its_code_and_ended() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser.go_by(PATH).await?;
    browser.sees("まだ登録されていません").await?;
    browser.press("登録コードを発行").await?;
    ensure!(browser.error_of("screen-name").await? == "読取画面の名前を入力してください");
    browser.enter("読取画面の名前", "受付1").await?;
    browser.press("登録コードを発行").await?;
    browser.sees("「受付1」の登録コード").await?;
    let code = browser.pairing_code().await?;
    let drawn: u32 = browser
        .script("return document.querySelector('.pairing__qr path').getAttribute('d').length")
        .await?;
    ensure!(drawn > 100, "no picture");
    browser.is_accessible().await?;

    // The picture's address has the code in its fragment.
    let screen = Browser::start().await?;
    screen
        .go(&format!("{}/reader#{code}", stack.address()))
        .await?;
    screen.press("登録する").await?;
    browser.sees("「受付1」を登録しました").await?;
    browser.is_gone("//p[@class='pairing__code']").await?;
    browser
        .find("//table[@id='screens']//td[normalize-space(.)='オンライン']")
        .await?;
    browser.press("登録を終了").await?;
    browser.sees("「受付1」の登録を終了しますか").await?;
    browser
        .find("//dialog//button[@id='dialog-yes']")
        .await?
        .click()
        .await?;
    browser.sees("まだ登録されていません").await?;
    screen.shows("register").await?;
    screen.sees("登録は取り消されました").await?;
    screen.close_after(&LOOKED_FOR).await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn what_is_asked_is_chosen() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser.go_by(PATH).await?;
    browser
        .until("return document.querySelectorAll('.ticks :checked').length > 1")
        .await?;
    let ticks = browser
        .driver()
        .find_all(thirtyfour::By::Css(".ticks .tick"))
        .await?;
    for tick in ticks {
        let text = tick.text().await?;
        let is_set: bool = tick
            .find(thirtyfour::By::Css("input"))
            .await?
            .is_selected()
            .await?;
        if is_set != text.contains("手術") {
            tick.click().await?;
        }
    }
    browser.press("保存").await?;
    browser.sees("同意の質問を保存しました").await?;
    let address = browser.begin_at_terminal().await?;
    browser.tick(&address, true).await?;
    screen.shows("place").await?;
    screen.press("有効なカードを置く").await?;
    screen.shows("consents").await?;
    let state = browser.terminal_state().await?;
    let asked = &state["readers"][0]["visual_confirmation"]["stage"]["consents"]["asked"];
    ensure!(*asked == serde_json::json!(["operation"]), "{state}");
    screen.close_after(&LOOKED_FOR).await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_terminal_without_screens_says_what_to_do() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let staff = Browser::terminal(&stack, "staff").await?;
    staff
        .sees("管理者に、「アカウント情報管理」の「読取画面の登録」で")
        .await?;
    staff.is_accessible().await?;
    staff.close_after_failed_requests().await?;
    let admin = Browser::logged_in(&stack, "admin").await?;
    admin
        .go_by(&["顔認証付きカードリーダー操作", "読取画面の登録"])
        .await?;
    admin.close_after_failed_requests().await?;
    let operator = Browser::logged_in(&stack, "operator").await?;
    operator.go(&format!("{}/readers", stack.address())).await?;
    operator.sees("このアカウントでは利用できません").await?;
    operator.close_after_failed_requests().await
}
