//! 目視確認 from the terminal's own pages, with a reader's screen in another browser.

use anyhow::ensure;
use tests::reader::LOOKED_FOR;
use tests::{Bridge, Browser, Stack};
use thirtyfour::Key;

const READERS: &[&str] = &["顔認証付きカードリーダー操作"];
const DONE: &str = "目視で本人確認完了";

#[tokio::test]
async fn the_terminal_route_goes_from_the_menu_to_the_eligibility() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    desk.go_by(READERS).await?;
    desk.reader_state("読取画面", "オンライン").await?;
    desk.reader_state("モード", "通常モード").await?;
    desk.switch_to_visual().await?;
    desk.reader_state("モード", "目視確認モード").await?;
    desk.sees("目視確認の留意事項").await?;
    screen.shows("staff-confirms").await?;

    desk.set_tick(DONE, true).await?;
    screen.shows("place").await?;
    desk.sees("「カードリーダーに、マイナンバーカードを置いてください。」")
        .await?;
    // The way is closed again.
    desk.set_tick(DONE, false).await?;
    screen.shows("staff-confirms").await?;
    desk.set_tick(DONE, true).await?;
    screen.shows("place").await?;
    screen.press("有効なカードを置く").await?;
    screen.shows("consents").await?;
    desk.sees("診療・薬剤の情報").await?;
    screen.answer_all("同意する").await?;

    desk.is_at("資格情報確認").await?;
    ensure!(desk.value_of("氏名").await? == "新橋　太郎");
    ensure!(desk.value_of("確認の方法").await? == "目視確認・カード提示");
    ensure!(desk.value_of("目視確認をした職員").await? == "staff");
    let consent = desk.value_of("診療・アレルギー・検査").await?;
    ensure!(
        consent.starts_with("同意あり") && consent.contains("まで有効"),
        "{consent}"
    );
    ensure!(!desk.holds("認証済").await?);
    desk.holds_nothing_personal().await?;
    screen.press("カードを取る").await?;
    screen.shows("normal").await?;
    desk.press("カードリーダー操作に戻る").await?;
    desk.is_at(READERS[0]).await?;
    desk.reader_state("モード", "通常モード").await?;
    // It stays to be opened again, and does not open by itself once more.
    desk.sees("表示済み").await?;
    desk.press("結果を表示").await?;
    desk.is_at("資格情報確認").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn the_next_patient_follows_with_a_fresh_tick() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    desk.go_by(READERS).await?;
    desk.switch_to_visual().await?;
    desk.set_tick("続けて目視確認", true).await?;
    desk.set_tick(DONE, true).await?;
    screen.shows("place").await?;
    screen.press("有効なカードを置く").await?;
    screen.answer_all("同意しない").await?;
    desk.is_at("資格情報確認").await?;
    ensure!(
        desk.value_of("手術・傷病名・感染症")
            .await?
            .starts_with("同意なし")
    );
    desk.press("カードリーダー操作に戻る").await?;
    desk.is_ticked(DONE, false).await?;
    desk.is_ticked("続けて目視確認", true).await?;
    desk.press("目視確認を終了").await?;
    desk.reader_state("モード", "通常モード").await?;
    screen.press("カードを取る").await?;
    screen.shows("normal").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn each_card_failure_is_told_at_the_terminal() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    desk.go_by(READERS).await?;
    desk.switch_to_visual().await?;
    desk.set_tick(DONE, true).await?;
    screen.shows("place").await?;
    screen.press("期限切れのカードを置く").await?;
    desk.sees("利用者証明用電子証明書の有効期限が切れています")
        .await?;
    desk.find("//main//a[normalize-space(.)='資格情報照会（システム障害時）']")
        .await?;
    screen.press("カードを取る").await?;
    screen.press("未登録のカードを置く").await?;
    desk.sees("このカードに対応する資格情報が見つかりません")
        .await?;
    screen.press("カードを取る").await?;
    desk.press("目視確認を終了").await?;
    desk.reader_state("モード", "通常モード").await?;
    screen.shows("normal").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn two_terminals_see_the_same_and_only_one_gets_the_result() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    let other = Browser::logged_in(&stack, "admin").await?;
    desk.go_by(READERS).await?;
    other.go_by(READERS).await?;
    desk.switch_to_visual().await?;
    other.sees("ほかの端末").await?;
    other.sees("職員の目視確認を待っています").await?;
    // What others have begun is not confirmed here.
    other
        .is_gone(&format!("//label[contains(., '{DONE}')]"))
        .await?;
    desk.set_tick(DONE, true).await?;
    other.sees("カードが置かれるのを待っています").await?;
    screen.press("有効なカードを置く").await?;
    screen.answer_all("同意する").await?;
    desk.is_at("資格情報確認").await?;
    other.reader_state("モード", "通常モード").await?;
    other
        .is_gone("//button[normalize-space(.)='結果を表示']")
        .await?;
    ensure!(!other.holds("太郎").await?);
    // It is ended from there, after a question.
    desk.press("カードリーダー操作に戻る").await?;
    screen.press("カードを取る").await?;
    screen.shows("normal").await?;
    desk.switch_to_visual().await?;
    other.sees("ほかの端末").await?;
    other.press("目視確認を終了").await?;
    other.press("終了する").await?;
    desk.reader_state("モード", "通常モード").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await?;
    other.close_after_failed_requests().await
}

#[tokio::test]
async fn a_result_of_the_readers_route_waits_to_be_opened() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let admin = Browser::logged_in(&stack, "admin").await?;
    let passcode = admin.issued_passcode().await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    desk.go_by(READERS).await?;
    screen.press("職員用ボタン").await?;
    screen.shows("passcode").await?;
    screen.press_digits(&passcode).await?;
    screen.press("確定").await?;
    screen.shows("confirm").await?;
    desk.sees("読取画面（目視確認用パスコード）").await?;
    screen.press(DONE).await?;
    screen.shows("place").await?;
    screen.press("有効なカードを置く").await?;
    screen.answer_all("同意する").await?;
    desk.press("結果を表示").await?;
    desk.is_at("資格情報確認").await?;
    let who = desk.value_of("目視確認をした職員").await?;
    ensure!(who.contains("読取画面「読取画面1」"), "{who}");
    // It is this session's from now on.
    admin.go_by(READERS).await?;
    admin.reader_state("モード", "通常モード").await?;
    admin
        .is_gone("//button[normalize-space(.)='結果を表示']")
        .await?;
    screen.close_after(&LOOKED_FOR).await?;
    admin.close_after_failed_requests().await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn a_confirmation_needs_no_mouse() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    let (tab, enter) = (Key::Tab.value().to_string(), Key::Enter.value().to_string());
    desk.find("//main//a[normalize-space(.)='顔認証付きカードリーダー操作']")
        .await?
        .focus()
        .await?;
    desk.keys(&enter).await?;
    desk.is_at(READERS[0]).await?;
    desk.find("//button[normalize-space(.)='目視確認'][@aria-disabled='false']")
        .await?
        .focus()
        .await?;
    desk.keys(&enter).await?;
    desk.find("//dialog[@open]").await?;
    desk.keys(format!("{tab}{enter}")).await?;
    desk.sees(DONE).await?;
    desk.until("return document.activeElement.tagName === 'H2'")
        .await?;
    desk.keys(format!("{tab} ")).await?;
    desk.is_ticked(DONE, true).await?;
    // The box keeps the focus: what was ticked by mistake is unticked at once.
    desk.keys(" ").await?;
    desk.is_ticked(DONE, false).await?;
    screen.shows("staff-confirms").await?;
    ensure!(desk.shows_its_focus().await?);
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn an_old_state_is_said_to_be_old_and_nothing_begins() -> anyhow::Result<()> {
    let mut stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    desk.go_by(READERS).await?;
    desk.find("//button[normalize-space(.)='目視確認'][@aria-disabled='false']")
        .await?;
    stack.kill_server()?;
    desk.sees("最新の状態を確認できません").await?;
    desk.find("//button[normalize-space(.)='目視確認'][@aria-disabled='true']")
        .await?;
    stack.start_server()?;
    desk.is_gone("//*[contains(text(), '最新の状態を確認できません')]")
        .await?;
    screen.shows("normal").await?;
    desk.switch_to_visual().await?;
    screen.shows("staff-confirms").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after(&LOOKED_FOR).await
}

#[tokio::test]
async fn an_administrator_links_an_unknown_card_after_a_search() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "admin").await?;
    desk.go_by(READERS).await?;
    desk.switch_to_visual().await?;
    desk.set_tick(DONE, true).await?;
    screen.shows("place").await?;
    screen.press("未登録のカードを置く").await?;
    desk.press("資格情報照会（システム障害時）").await?;
    desk.search_taro("東京都港区〇〇5丁目").await?;
    desk.is_at("資格情報確認").await?;
    desk.press("提示されたカードをこの方に結び付ける").await?;
    desk.sees("太郎」さんに結び付けますか").await?;
    desk.press("結び付ける").await?;
    // He has the demo's valid card.
    desk.sees("太郎」さんのカードを置き換えますか").await?;
    desk.press("置き換える").await?;
    desk.sees("カードをこの方に結び付けました").await?;
    desk.is_gone("//button[contains(., 'この方に結び付ける')]")
        .await?;
    screen.press("カードを取る").await?;
    screen.press("未登録のカードを置く").await?;
    screen.shows("consents").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}
