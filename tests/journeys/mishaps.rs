//! What goes wrong on a bad morning.

use tests::{Browser, Stack};

#[tokio::test]
async fn the_service_goes_away_and_comes_back() -> anyhow::Result<()> {
    let mut stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    stack.kill_server()?;
    browser.search_taro("東京都").await?;
    browser
        .find("//button[normalize-space(.)='もう一度検索']")
        .await?;
    assert_eq!(
        browser.field("氏名").await?.prop("value").await?.as_deref(),
        Some("新橋 太郎")
    );
    stack.start_server()?;
    browser.press("もう一度検索").await?;
    assert_eq!(
        browser.candidates().await?.1.len(),
        2,
        "the session survived too"
    );
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    let table = [
        ("/nowhere", "お探しのページはありません"),
        ("/emergency/eligibility/x", "お探しのページはありません"),
        (
            "/emergency/eligibility/AAAAAAAAAAAAAAAAAAAAAA",
            "検索結果の有効時間（10分）が過ぎました",
        ),
    ];
    for (address, text) in table {
        browser.go(&format!("{}{address}", stack.address())).await?;
        browser.sees(text).await?;
    }
    browser.press("検索に戻る").await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn another_session_cannot_open_a_found_person() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.search_taro("皇居裏").await?;
    browser.is_at("資格情報確認").await?;
    let address = browser.driver().current_url().await?;
    let other = Browser::logged_in(&stack, "admin").await?;
    other.go(address.as_str()).await?;
    other.sees("検索結果の有効時間（10分）が過ぎました").await?;
    browser.driver().refresh().await?;
    browser.sees("北海道新橋健康保険組合").await?;
    other.close_after_failed_requests().await?;
    browser.close_after_failed_requests().await
}
