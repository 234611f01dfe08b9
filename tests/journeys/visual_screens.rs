//! The terminal's pages of 目視確認 as such: widths, and assistive technology.

use tests::reader::LOOKED_FOR;
use tests::{Bridge, Browser, Stack};

/// Desk, telephone, and 1280×800 at 200 % and at 400 %.
const SIZES: [(u32, u32); 4] = [(360, 740), (640, 400), (320, 200), (1280, 800)];

async fn is_fit(browser: &Browser) -> anyhow::Result<()> {
    for (width, height) in SIZES {
        browser.fits(width, height).await?;
    }
    browser.is_accessible().await
}

#[tokio::test]
async fn every_state_of_the_terminal_fits_and_is_accessible() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "admin").await?;
    is_fit(&desk).await?;
    desk.go_by(&["顔認証付きカードリーダー操作"]).await?;
    desk.find("//button[normalize-space(.)='目視確認'][@aria-disabled='false']")
        .await?;
    is_fit(&desk).await?;
    desk.press("目視確認").await?;
    desk.find("//dialog[@open]").await?;
    is_fit(&desk).await?;
    desk.press("OK").await?;
    desk.sees("目視で本人確認完了").await?;
    is_fit(&desk).await?;
    desk.set_tick("目視で本人確認完了", true).await?;
    is_fit(&desk).await?;
    screen.press("期限切れのカードを置く").await?;
    desk.sees("006").await?;
    is_fit(&desk).await?;
    screen.press("カードを取る").await?;
    screen.press("有効なカードを置く").await?;
    screen.shows("consents").await?;
    desk.sees("「画面の質問に答えてください。」").await?;
    is_fit(&desk).await?;
    screen.answer_all("同意する").await?;
    desk.is_at("資格情報確認").await?;
    is_fit(&desk).await?;
    desk.press("カードリーダー操作に戻る").await?;
    desk.sees("表示済み").await?;
    is_fit(&desk).await?;
    desk.press("メニュー").await?;
    desk.go_by(&["アカウント情報管理", "読取画面の登録"])
        .await?;
    desk.find("//table[@id='screens']//tbody/tr").await?;
    desk.enter("読取画面の名前", "二階の会計の左側の窓口の読取画面")
        .await?;
    desk.press("登録コードを発行").await?;
    desk.pairing_code().await?;
    is_fit(&desk).await?;
    desk.press("アカウント情報管理").await?;
    desk.go_by(&["目視確認用パスコード発行"]).await?;
    desk.press("発行").await?;
    desk.press("OK").await?;
    desk.told_passcode().await?;
    is_fit(&desk).await?;
    desk.press("OK").await?;
    desk.find("//table[@id='issues']//tbody/tr").await?;
    is_fit(&desk).await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}
