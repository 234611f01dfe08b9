//! 「この案内を書き換える」: an institution's own words in the last step of the ladder.

use tests::{Browser, Stack};

const FIELD: &str = "「不詳」で請求するときの案内";
const OWN: &str = "この医療機関で書き換えた案内";
const STANDARD: &str = "標準の案内";
const REWRITE: &str = "この案内を書き換える";
const SIZES: [(u32, u32); 5] = [(1280, 800), (640, 400), (320, 200), (360, 740), (800, 1280)];

/// Somebody who searches for a person who is not there, and opens the ladder.
async fn at_the_ladder(stack: &Stack, user_id: &str) -> anyhow::Result<Browser> {
    let browser = Browser::logged_in(stack, user_id).await?;
    browser.go_to_search().await?;
    find_nobody(&browser, "沖縄県").await?;
    Ok(browser)
}

async fn find_nobody(browser: &Browser, address: &str) -> anyhow::Result<()> {
    browser.search_taro(address).await?;
    browser
        .find("//summary[contains(., 'それでも見つからないとき')]")
        .await?
        .click()
        .await?;
    Ok(())
}

async fn begin(browser: &Browser) -> anyhow::Result<()> {
    browser.press(REWRITE).await?;
    has_focus(browser, "claim-guidance").await
}

/// What is focused is where the person goes on.
async fn has_focus(browser: &Browser, id: &str) -> anyhow::Result<()> {
    let script = format!("return document.activeElement.id === '{id}'");
    browser.until(&script).await
}

/// Whose words are shown, as it says above them.
async fn whose(browser: &Browser, words: &str) -> anyhow::Result<()> {
    let xpath = format!("//*[@id='whose-guidance'][starts-with(., '{words}')]");
    browser.find(&xpath).await.map(drop)
}

async fn agree(browser: &Browser) -> anyhow::Result<()> {
    Ok(browser.find("//*[@id='dialog-yes']").await?.click().await?)
}

async fn looks_well(browser: &Browser) -> anyhow::Result<()> {
    browser.is_accessible().await?;
    for (width, height) in SIZES {
        browser.fits(width, height).await?;
    }
    browser.resize(1280, 800).await
}

#[tokio::test]
async fn an_administrator_rewrites_the_guidance_and_staff_sees_it() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let admin = at_the_ladder(&stack, "admin").await?;
    whose(&admin, STANDARD).await?;
    looks_well(&admin).await?;
    begin(&admin).await?;
    assert!(
        admin
            .text_of(FIELD)
            .await?
            .starts_with("保険者番号は77777777")
    );
    looks_well(&admin).await?;
    admin
        .enter(FIELD, "番号は77777779\n摘要欄に「不詳」")
        .await?;
    admin.sees("20／1000文字").await?;
    admin.press("保存").await?;
    whose(&admin, OWN).await?;
    has_focus(&admin, "rewrite-guidance").await?;

    let staff = at_the_ladder(&stack, "staff").await?;
    whose(&staff, OWN).await?;
    let number = staff.find("//*[@class='fallback__words']/code").await?;
    assert_eq!(number.text().await?, "77777779");
    staff.sees("摘要欄に「不詳」").await?;
    staff.is_gone("//button[@id='rewrite-guidance']").await?;
    looks_well(&staff).await?;

    begin(&admin).await?;
    admin.press("標準の案内に戻す").await?;
    admin.sees("標準の案内に戻しますか？").await?;
    admin.is_accessible().await?;
    agree(&admin).await?;
    whose(&admin, STANDARD).await?;
    find_nobody(&staff, "青森県").await?;
    whose(&staff, STANDARD).await?;
    admin.close_after_failed_requests().await?;
    staff.close_after_failed_requests().await
}

#[tokio::test]
async fn nothing_that_was_written_is_lost_unasked() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let one = at_the_ladder(&stack, "admin").await?;
    begin(&one).await?;
    // What nobody can see is named; it is pasted in, as no keyboard gives it.
    one.script::<()>(
        "const field = document.getElementById('claim-guidance');
         field.value = '一行目\\n二\\u0007行目';
         field.dispatchEvent(new InputEvent('input', { bubbles: true }))",
    )
    .await?;
    one.press("保存").await?;
    let wrong = one.error_of("claim-guidance").await?;
    assert!(
        wrong.starts_with("2行目に、使用できない文字（制御文字 U+0007）"),
        "{wrong}"
    );
    looks_well(&one).await?;

    one.enter(FIELD, "一つ目の画面").await?;
    one.press("やめる").await?;
    one.sees("書きかけの案内を破棄しますか？").await?;
    one.press("キャンセル").await?;
    assert_eq!(one.text_of(FIELD).await?, "一つ目の画面");

    // In another tab, which begins with what is kept: the standard.
    let first = one.driver().window().await?;
    let second = one.driver().new_tab().await?;
    one.driver().switch_to_window(second).await?;
    one.go(&stack.address()).await?;
    one.go_to_search().await?;
    find_nobody(&one, "沖縄県").await?;
    begin(&one).await?;
    one.enter(FIELD, "二つ目の画面").await?;
    one.press("保存").await?;
    whose(&one, OWN).await?;

    one.driver().switch_to_window(first).await?;
    one.press("保存").await?;
    one.sees("この案内は、別の画面で変更されています").await?;
    one.sees("二つ目の画面").await?;
    looks_well(&one).await?;
    one.press("この画面の案内を保存する").await?;
    whose(&one, OWN).await?;
    one.sees("一つ目の画面").await?;
    begin(&one).await?;
    one.press("やめる").await?;
    whose(&one, OWN).await?;
    one.close_after_failed_requests().await
}

#[tokio::test]
async fn the_standard_is_shown_where_the_institutions_words_cannot_be_had() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser.go_to_search().await?;
    browser
        .script::<()>(
            "window.ask = window.fetch;
             window.fetch = (what, how) => String(what).endsWith('/claim-guidance')
               ? Promise.reject(new TypeError('no network')) : window.ask(what, how)",
        )
        .await?;
    find_nobody(&browser, "沖縄県").await?;
    browser
        .sees("この医療機関の案内を読み込めませんでした")
        .await?;
    browser.sees("77777777").await?;
    browser.is_gone("//button[@id='rewrite-guidance']").await?;
    looks_well(&browser).await?;
    browser.script::<()>("window.fetch = window.ask").await?;
    browser.press("もう一度読み込む").await?;
    whose(&browser, STANDARD).await?;
    has_focus(&browser, "claim-guidance-shown").await?;
    browser.find("//button[@id='rewrite-guidance']").await?;
    browser.close_after_failed_requests().await
}
