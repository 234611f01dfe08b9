//! The screens as such: keyboard, widths, and what stands in sight.

use anyhow::ensure;
use tests::{Browser, Stack};
use thirtyfour::Key;

#[tokio::test]
async fn a_search_needs_no_mouse() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.field("氏名").await?.focus().await?;
    let tab = Key::Tab.value().to_string();
    browser
        .keys(format!("新橋太郎{tab}{tab}2021/3/26{tab}{tab} {tab}東京都"))
        .await?;
    browser.keys(Key::Enter.value().to_string()).await?;
    assert_eq!(browser.candidates().await?.1.len(), 2);
    browser
        .find("//table[@id='candidates']//a")
        .await?
        .focus()
        .await?;
    browser.keys(Key::Enter.value().to_string()).await?;
    browser.is_at("資格情報確認").await?;
    browser
        .until("return document.activeElement.tagName === 'H1'")
        .await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn pages_fit_from_a_phone_to_a_wide_screen() -> anyhow::Result<()> {
    // 640×400 and 320×200 are 1280×800 at 200 % and at 400 %.
    const SIZES: [(u32, u32); 6] = [
        (1280, 800),
        (640, 400),
        (320, 200),
        (360, 740),
        (800, 1280),
        (1920, 1080),
    ];
    let stack = Stack::start_opened().await?;
    let browser = Browser::start().await?;
    browser.go(&stack.address()).await?;
    browser.is_at("ログイン").await?;
    for (width, height) in SIZES {
        browser.fits(width, height).await?;
    }
    browser.log_in("staff", "shikaku-demo").await?;
    browser.is_at("メニュー").await?;
    browser.go_to_search().await?;
    browser.press("検索").await?;
    browser.sees("入力内容を確認してください").await?;
    for (width, height) in SIZES {
        browser.fits(width, height).await?;
    }
    browser.press("入力をクリア").await?;
    browser.search_taro("東京都").await?;
    browser.candidates().await?;
    for (width, height) in SIZES {
        browser.fits(width, height).await?;
    }
    browser
        .find("//table[@id='candidates']//a")
        .await?
        .click()
        .await?;
    browser.is_at("資格情報確認").await?;
    for (width, height) in SIZES {
        browser.fits(width, height).await?;
    }
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn the_form_and_the_first_candidates_are_in_sight_together() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.resize(1280, 800).await?;
    browser.go_to_search().await?;
    browser.search_taro("東京都").await?;
    browser.candidates().await?;
    browser
        .until(
            "const shown = id => { const box = id.getBoundingClientRect();
               return box.top >= 0 && box.bottom <= innerHeight };
             return shown(document.getElementById('name'))
               && shown(document.querySelector('#candidates tbody tr'))",
        )
        .await?;
    let title: String = browser.script("return document.title").await?;
    ensure!(title.contains("資格情報照会（システム障害時）"), "{title}");
    browser.close_after_failed_requests().await
}
