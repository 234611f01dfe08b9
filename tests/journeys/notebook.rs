//! 控え: patients noted while there is no service, and looked up when there is one.

use anyhow::ensure;
use tests::{Browser, Stack};

/// What the console says of a request that got no answer, besides the failed one.
const FETCH_FAILED: &str = "Failed to fetch";
const FAILED_REQUEST: &str = "Failed to load resource";

#[tokio::test]
async fn a_terminal_that_starts_without_the_service_notes_a_patient_who_is_confirmed_later()
-> anyhow::Result<()> {
    let mut stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.is_ready_for_an_outage().await?;
    browser.press("ログアウト").await?;
    browser.sees("ログアウトしました").await?;
    stack.kill_server()?;

    browser.go(&stack.address()).await?;
    browser.sees("サーバーに接続できませんでした").await?;
    browser.press("控えに記入する").await?;
    browser.is_at("控え").await?;
    browser.sees("サーバーに接続していません").await?;
    browser.enter_taro("皇居裏").await?;
    browser.is_accessible().await?;
    for (width, height) in [(1280, 800), (640, 400), (360, 740)] {
        browser.fits(width, height).await?;
    }
    browser.press("控える").await?;
    browser.sees("この端末に、暗号化した控えが").await?;
    browser.holds_nothing_personal().await?;
    let kept = browser.kept_notes().await?;
    assert_eq!(kept.len(), 1);
    for word in ["新橋", "太郎", "2021", "皇居"] {
        ensure!(!kept[0].contains(word), "{word} can be read");
        browser
            .is_gone(&format!("//main//*[contains(text(), {word:?})]"))
            .await?;
    }

    stack.start_server()?;
    browser.press("もう一度接続する").await?;
    browser.sees("ログインしていません").await?;
    browser
        .find("//main//a[.='ログイン']")
        .await?
        .click()
        .await?;
    browser.log_in("staff", "shikaku-demo").await?;
    browser.is_at("控え").await?;
    browser.sees("新橋 太郎").await?;
    browser.press("まとめて照会（1件）").await?;
    browser.sees("照会が終わりました").await?;
    browser.note_counts_become("確認済 1件").await?;
    browser.sees("北海道新橋健康保険組合").await?;
    browser.is_accessible().await?;
    browser.press("資格情報確認を開く").await?;
    browser.is_at("資格情報確認").await?;
    browser.sees("北海道新橋健康保険組合").await?;
    browser.close_after(&[FAILED_REQUEST, FETCH_FAILED]).await
}

#[tokio::test]
async fn two_hundred_patients_are_looked_up_though_the_service_dies_half_way() -> anyhow::Result<()>
{
    const COUNT: usize = 200;
    let mut stack = Stack::start_opened().await?;
    let browser = Browser::at_the_notebook(&stack, "staff").await?;
    browser.note_many(COUNT).await?;
    browser.press("まとめて照会（200件）").await?;
    browser
        .until("return document.querySelector('progress')?.value >= 20")
        .await?;
    stack.kill_server()?;
    browser
        .sees("サーバーの応答を待って、続きから照会します")
        .await?;
    // The page is lost, too.
    stack.start_server()?;
    browser.driver().refresh().await?;
    browser.is_at("控え").await?;
    browser
        .find("//button[contains(., 'まとめて照会')]")
        .await?;
    let before = browser.note_counts().await?;
    ensure!(before.contains("確認済"), "outcomes were kept: {before}");
    ensure!(before.contains("未照会"), "some are left: {before}");
    browser
        .find("//button[contains(., 'まとめて照会')]")
        .await?
        .click()
        .await?;
    for _ in 0..8 {
        if browser.sees("照会が終わりました").await.is_ok() {
            break;
        }
    }
    browser
        .note_counts_become("確認済 100件 該当なし 100件")
        .await?;

    browser.press("確認済の控えを破棄").await?;
    browser.press("破棄する").await?;
    browser.note_counts_become("該当なし 100件").await?;
    assert_eq!(browser.kept_notes().await?.len(), 100);
    browser.find("//summary").await?.click().await?;
    browser.sees("100件（職員の操作）").await?;
    browser.close_after(&[FAILED_REQUEST, FETCH_FAILED]).await
}

#[tokio::test]
async fn each_outcome_leads_on() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::at_the_notebook(&stack, "staff").await?;
    // Not enough to search by, and yet kept.
    browser.enter("氏名（カナ）", "シンバシ タロウ").await?;
    browser.press("控える").await?;
    browser.sees("入力内容を確認してください").await?;
    browser.press("このまま控える").await?;
    browser.note_counts_become("未照会 1件").await?;
    browser.enter_taro("東京都").await?;
    browser.press("控える").await?;
    browser.note_counts_become("未照会 2件").await?;
    browser.press("まとめて照会（2件）").await?;
    browser
        .note_counts_become("複数該当 1件 条件不足 1件")
        .await?;
    browser.sees("照会が終わりました").await?;
    browser.is_accessible().await?;

    browser.press("候補から選ぶ").await?;
    browser.sees("新橋 太郎の候補").await?;
    browser.is_accessible().await?;
    browser
        .find("//li[contains(., '港区')]//button")
        .await?
        .click()
        .await?;
    browser
        .note_counts_become("確認済 1件 条件不足 1件")
        .await?;
    browser.sees("東京新橋サンプル保険者").await?;

    browser
        .find("//tr[contains(., '条件不足')]//button[.='直す']")
        .await?
        .click()
        .await?;
    browser.sees("控えを直す").await?;
    assert_eq!(browser.text_of("氏名（カナ）").await?, "シンバシ タロウ");
    browser.enter_taro("皇居裏").await?;
    browser.press("直して照会する").await?;
    browser.note_counts_become("確認済 2件").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn what_can_not_be_kept_is_said_before_it_is_typed() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser
        .script::<()>(
            "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }",
        )
        .await?;
    browser.press("控え").await?;
    browser.sees("この端末では、控えを残せません").await?;
    browser.is_gone("//form[@id='note-form']").await?;
    browser.is_accessible().await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_full_disk_leaves_what_was_typed() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::at_the_notebook(&stack, "staff").await?;
    browser.enter_taro("皇居裏").await?;
    browser
        .script::<()>(
            "window.put = IDBObjectStore.prototype.put;
             IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }",
        )
        .await?;
    browser.press("控える").await?;
    browser.sees("控えを残せませんでした").await?;
    browser.sees("端末の空き容量が足りません").await?;
    assert_eq!(browser.text_of("住所").await?, "皇居裏");
    browser.is_accessible().await?;
    browser
        .script::<()>("IDBObjectStore.prototype.put = window.put")
        .await?;
    browser.press("控える").await?;
    browser.note_counts_become("未照会 1件").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn two_tabs_have_the_same_notes_and_one_asks() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::at_the_notebook(&stack, "staff").await?;
    let first = browser.driver().window().await?;
    let second = browser.driver().new_tab().await?;
    browser.driver().switch_to_window(second.clone()).await?;
    browser.go(&format!("{}/notebook", stack.address())).await?;
    browser.find("//form[@id='note-form']").await?;

    browser.driver().switch_to_window(first.clone()).await?;
    browser.note_many(6).await?;
    browser.press("まとめて照会（6件）").await?;
    browser.driver().switch_to_window(second).await?;
    browser
        .find("//button[contains(., 'まとめて照会')]")
        .await?
        .click()
        .await?;
    browser.sees("別のタブで照会しています").await?;
    browser
        .note_counts_become("確認済 3件 該当なし 3件")
        .await?;
    browser.driver().switch_to_window(first).await?;
    browser
        .note_counts_become("確認済 3件 該当なし 3件")
        .await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_lock_takes_what_is_being_noted_and_gives_it_back() -> anyhow::Result<()> {
    let stack = Stack::start_with(&["--lock-after", "3s"]).await?;
    let browser = Browser::at_the_notebook(&stack, "staff").await?;
    browser.enter_taro("皇居裏").await?;
    browser.sees("画面をロックしました").await?;
    browser.holds_nothing_personal().await?;
    browser.enter("パスワード", "shikaku-demo").await?;
    browser.press("ロックを解除").await?;
    browser.is_at("控え").await?;
    browser
        .until("return document.getElementById('address')?.value === '皇居裏'")
        .await?;
    assert_eq!(browser.text_of("氏名").await?, "新橋 太郎");
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn while_the_function_is_closed_a_run_stops_and_says_why() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::at_the_notebook(&stack, "staff").await?;
    browser.note_many(2).await?;
    browser.press("まとめて照会（2件）").await?;
    browser
        .sees("緊急時医療情報・資格確認機能は開放されていません")
        .await?;
    browser.sees("照会を止めました").await?;
    browser.note_counts_become("未照会 2件").await?;
    browser.is_accessible().await?;
    let stack = stack.opened()?;
    browser.press("まとめて照会（2件）").await?;
    browser
        .note_counts_become("確認済 1件 該当なし 1件")
        .await?;
    drop(stack);
    browser.close_after_failed_requests().await
}
