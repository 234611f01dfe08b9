//! For how long 控え are kept, and terminals whose clock is wrong.

use anyhow::{Context as _, ensure};
use tests::{Browser, Stack};

const YEAR_HOURS: i64 = 365 * 24;

/// What a field of every note is, as far as it can be read without the key.
async fn of_notes(browser: &Browser, field: &str) -> anyhow::Result<Vec<Option<i64>>> {
    let read = |note: String| {
        let note: serde_json::Value = serde_json::from_str(&note).context("not a note")?;
        Ok(note[field].as_i64())
    };
    let notes = browser.kept_notes().await?;
    notes.into_iter().map(read).collect()
}

/// The day of the service, which is on this machine, as it is written in forms.
async fn today(browser: &Browser) -> anyhow::Result<String> {
    browser
        .script(
            "const parts = new Intl.DateTimeFormat('en-US', { timeZone: 'Asia/Tokyo',
               year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(new Date());
             const part = type => parts.find(it => it.type === type).value;
             return `${part('year')}/${part('month')}/${part('day')}`",
        )
        .await
}

#[tokio::test]
async fn notes_are_destroyed_when_their_time_is_over_by_the_services_clock() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::at_the_notebook(&stack, "admin").await?;
    browser.enter("残す時間（時間）", "0").await?;
    browser.press("変える").await?;
    let error = browser.error_of("keep-hours").await?;
    ensure!(error.contains("1から720まで"), "{error}");
    browser.enter("残す時間（時間）", "1").await?;
    browser.press("変える").await?;
    browser
        .find("//section[@class='note-rule']//strong[normalize-space(.)='1時間']")
        .await?;
    browser.note_many(2).await?;

    // The terminal's clock goes two hours ahead: for the notes no time has passed.
    browser.has_a_clock_of_its_own().await?;
    browser.set_clock(2).await?;
    browser.driver().refresh().await?;
    browser.note_counts_become("未照会 2件").await?;
    ensure!(browser.kept_notes().await?.len() == 2);

    // Whatever page is opened next, when their time is over.
    browser.pass_hours_for_notes(1).await?;
    browser.go(&stack.address()).await?;
    browser.is_at("メニュー").await?;
    browser
        .until(
            "return new Promise(done => {
               const opening = indexedDB.open('shikaku-notebook');
               opening.onsuccess = () => {
                 const kept = opening.result.transaction('entries').objectStore('entries');
                 const count = kept.count();
                 count.onsuccess = () => { opening.result.close(); done(count.result === 0); };
               };
             })",
        )
        .await?;
    browser.go_to_notebook().await?;
    browser.is_gone("//*[@id='notes']//tbody/tr").await?;
    browser.find("//summary").await?.click().await?;
    browser.sees("2件（残す時間が過ぎたため）").await?;
    browser.is_accessible().await?;
    browser.press("メニュー").await?;
    let destroyed = browser.trail_of("控えの破棄").await?;
    let expected = ("admin".to_owned(), "2件（残す時間が過ぎた）".to_owned());
    assert_eq!(destroyed, [expected]);
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_clock_that_is_a_year_behind_loses_no_note_and_dates_them_right() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::start().await?;
    browser.has_a_clock_of_its_own().await?;
    browser.go(&stack.address()).await?;
    let today = today(&browser).await?;
    browser.set_clock(-YEAR_HOURS).await?;
    browser.driver().refresh().await?;
    browser.log_in("staff", "shikaku-demo").await?;
    browser.is_at("メニュー").await?;
    browser.go_to_notebook().await?;
    // By that clock nobody is born on this day yet.
    assert_eq!(browser.text_of("資格確認日").await?, today);
    browser.enter_taro("皇居裏").await?;
    browser.enter("生年月日", &today).await?;
    browser.press("控える").await?;
    browser.note_counts_become("未照会 1件").await?;
    browser.note_up_to(2, 3).await?;
    browser.driver().refresh().await?;
    browser.note_counts_become("未照会 3件").await?;
    browser.press("まとめて照会（3件）").await?;
    browser
        .note_counts_become("確認済 1件 該当なし 2件")
        .await?;

    // Set right, it is the next one that is a year ahead of what was noted.
    browser.set_clock(0).await?;
    browser.driver().refresh().await?;
    browser
        .note_counts_become("確認済 1件 該当なし 2件")
        .await?;
    browser.press("ログアウト").await?;
    browser.sees("ログインしていません").await?;
    // What could be read is gone, and the page stands still.
    browser.sees("暗号化した控えが3件あります").await?;
    browser.press("ログイン").await?;
    browser.log_in("staff", "shikaku-demo").await?;
    browser.is_at("控え").await?;
    browser
        .note_counts_become("確認済 1件 該当なし 2件")
        .await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_clock_that_is_set_while_notes_are_taken_neither_ends_nor_keeps_them()
-> anyhow::Result<()> {
    const HOUR: i64 = 3_600_000;
    let stack = Stack::start().await?;
    let browser = Browser::start().await?;
    browser.has_a_clock_of_its_own().await?;
    browser.go(&stack.address()).await?;
    browser.log_in("staff", "shikaku-demo").await?;
    browser.is_at("メニュー").await?;
    browser.go_to_notebook().await?;
    // Somebody, or the battery, sets it back a year.
    browser.set_clock(-YEAR_HOURS).await?;
    browser.note_many(2).await?;
    browser.driver().refresh().await?;
    browser.note_counts_become("未照会 2件").await?;
    browser.note_up_to(3, 3).await?;
    // And right again.
    browser.set_clock(0).await?;
    browser.driver().refresh().await?;
    browser.note_counts_become("未照会 3件").await?;
    let now: i64 = browser.script("return Date.now()").await?;
    for met_at in of_notes(&browser, "met_at").await? {
        let met_at = met_at.context("the service was reached since")?;
        ensure!((now - met_at).abs() < HOUR, "{met_at} is far from {now}");
    }
    ensure!(browser.kept_notes().await?.len() == 3);
    browser.close_after_failed_requests().await
}
