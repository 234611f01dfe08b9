//! 目視確認 with virtual cards on a real PC/SC service, which is killed, started again, and
//! has its reader attached late. Needs pcscd and vpcd: `cargo xtask setup` installs them.

use std::time::Duration;

use anyhow::{bail, ensure};
use card::demo::{DemoCard, ROOT};
use card::virtual_card::{Profile, TokenLabel, VirtualCard};
use tests::pcsc::Pcscd;
use tests::reader::LOOKED_FOR;
use tests::terminal::{CONFIRMED, READERS};
use tests::vpcd::{InsertedCard, Manner};
use tests::{Bridge, Browser, Stack};

/// What a real card takes for each command.
const REAL: Manner = Manner {
    delay: Duration::from_millis(20),
    is_gone_after: None,
};

/// Long enough for a reading to be seen, and to be disturbed.
const SLOW: Manner = Manner {
    delay: Duration::from_millis(400),
    is_gone_after: None,
};

fn valid() -> VirtualCard {
    VirtualCard::new(DemoCard::Valid.profile())
}

/// A card of some other kind, with everything else as on a valid one.
fn with_label(token: TokenLabel) -> Profile {
    Profile {
        token: Some(token),
        ..DemoCard::Valid.profile()
    }
}

/// A My Number Card with this in the place of its certificate.
fn with_certificate(certificate: &[u8]) -> Profile {
    Profile::my_number_card(certificate.to_vec(), ROOT.to_vec())
}

/// Waits until the service has noticed that no card is there. One that is put there sooner would be
/// the same card to everybody.
async fn is_empty(service: &Pcscd) -> anyhow::Result<()> {
    for _ in 0..300 {
        let readers = service
            .client("opensc-tool")
            .arg("--list-readers")
            .output()?;
        let readers = String::from_utf8_lossy(&readers.stdout).into_owned();
        let mut lines = readers.lines();
        if lines.any(|line| line.starts_with('0') && line.contains("No")) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("the service still sees a card")
}

/// Waits until a card has gone as it was told to.
async fn goes(card: &InsertedCard) -> anyhow::Result<()> {
    for _ in 0..300 {
        if !card.is_in_slot() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("the card lies there and is not read")
}

#[tokio::test]
async fn the_terminal_route_goes_from_the_tick_to_the_eligibility() -> anyhow::Result<()> {
    let service = Pcscd::start()?;
    let stack = Stack::start().await?;
    let _bridge = Bridge::start_on(&service, &stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    // Nobody can play with cards where there is a reader.
    screen.is_gone("//legend[.='模擬カード']").await?;
    let desk = Browser::terminal(&stack, "staff").await?;
    desk.reader_state("カードリーダー", "カードなし").await?;
    // A card that lies there already is not read before the tick.
    let card = service.insert_with(valid(), REAL)?;
    screen.notices_card(true).await?;
    desk.reader_state("カードリーダー", "カードあり").await?;
    desk.switch_to_visual().await?;
    screen.shows("staff-confirms").await?;
    ensure!(card.answered() == 0, "it was read before the tick");
    desk.set_tick(CONFIRMED, true).await?;
    screen.answer_all("同意する").await?;
    desk.is_at("資格情報確認").await?;
    ensure!(desk.value_of("氏名").await? == "新橋　太郎");
    ensure!(desk.value_of("確認の方法").await? == "目視確認・カード提示");
    screen.shows("over").await?;
    screen.sees("カードをお取りください").await?;
    ensure!(card.answered() > 0, "somebody else's answer");
    card.pull()?;
    screen.shows("normal").await?;
    screen.holds_nothing_personal().await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn the_readers_route_goes_from_the_passcode_to_the_result() -> anyhow::Result<()> {
    let service = Pcscd::start()?;
    let stack = Stack::start().await?;
    let _bridge = Bridge::start_on(&service, &stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let admin = Browser::logged_in(&stack, "admin").await?;
    let passcode = admin.issued_passcode().await?;
    admin.go_by(&[READERS]).await?;
    screen.enter_passcode(&passcode).await?;
    screen.press(CONFIRMED).await?;
    screen.shows("place").await?;
    let card = service.insert_with(valid(), REAL)?;
    screen.shows("consents").await?;
    // The patient keeps his card, and goes on.
    card.pull()?;
    screen.keeps_card_and_goes_on().await?;
    screen.answer_all("同意しない").await?;
    screen.shows("over").await?;
    admin.press("結果を表示").await?;
    admin.is_at("資格情報確認").await?;
    ensure!(admin.value_of("氏名").await? == "新橋　太郎");
    let consent = admin.value_of("診療・アレルギー・検査").await?;
    ensure!(consent.starts_with("同意なし"), "{consent}");
    screen.shows("normal").await?;
    screen.close_after(&LOOKED_FOR).await?;
    admin.close_after_failed_requests().await
}

#[tokio::test]
async fn each_card_failure_is_told_at_both_screens() -> anyhow::Result<()> {
    let service = Pcscd::start()?;
    let stack = Stack::start().await?;
    let _bridge = Bridge::start_on(&service, &stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::terminal(&stack, "staff").await?;
    desk.confirm_by_eye().await?;
    screen.shows("place").await?;
    let whole = DemoCard::Valid.certificate();
    let half = &whole[..whole.len() / 2];
    let table = [
        (
            DemoCard::Expired.profile(),
            ["006", "利用者証明用電子証明書の有効期限が切れています"],
        ),
        (
            Profile::driving_licence(),
            ["002", "マイナンバーカードではありません"],
        ),
        (
            with_certificate(half),
            ["001", "マイナンバーカードを読み取れませんでした"],
        ),
        (
            with_label(TokenLabel::JukiCard),
            ["002", "住民基本台帳カードは利用できません"],
        ),
        (
            with_label(TokenLabel::Android),
            ["002", "スマートフォンは利用できません"],
        ),
        (
            with_certificate(&[]),
            ["", "利用者証明用電子証明書が入っていません"],
        ),
        (
            DemoCard::NotLinked.profile(),
            ["", "このカードに対応する資格情報が見つかりません"],
        ),
    ];
    for (profile, [number, told]) in table {
        let card = service.insert(VirtualCard::new(profile))?;
        screen
            .find(&format!(
                "//h2[contains(normalize-space(.), {told:?})][contains(., {number:?})]"
            ))
            .await?;
        desk.find(&format!(
            "//main//*[contains(@class, 'notice')][contains(., {told:?})][contains(., {number:?})]"
        ))
        .await?;
        card.pull()?;
        is_empty(&service).await?;
        // What staff have to do does not go away with the card.
        desk.reader_state("カードリーダー", "カードなし").await?;
        desk.sees(told).await?;
    }
    let _card = service.insert(valid())?;
    screen.answer_all("同意する").await?;
    desk.is_at("資格情報確認").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn a_card_that_goes_while_it_is_read_may_come_back() -> anyhow::Result<()> {
    let service = Pcscd::start()?;
    let stack = Stack::start().await?;
    let _bridge = Bridge::start_on(&service, &stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::terminal(&stack, "staff").await?;
    desk.confirm_by_eye().await?;
    screen.shows("place").await?;
    // Pulled by hand, while the screen says that it is being read.
    let card = service.insert_with(valid(), SLOW)?;
    screen.shows("reading").await?;
    card.pull()?;
    screen.sees("早くはずされました").await?;
    is_empty(&service).await?;
    screen.shows("place").await?;
    desk.sees("「カードリーダーに、マイナンバーカードを置いてください。」")
        .await?;
    let card = service.insert_with(valid(), REAL)?;
    screen.shows("consents").await?;
    // Another card in its place is not the patient's: it is asked about.
    card.pull()?;
    screen.find("//dialog").await?;
    is_empty(&service).await?;
    let card = service.insert(VirtualCard::new(DemoCard::NotLinked.profile()))?;
    screen.press("続ける").await?;
    screen.answer_all("同意する").await?;
    desk.is_at("資格情報確認").await?;
    ensure!(desk.value_of("氏名").await? == "新橋　太郎");
    ensure!(
        card.answered() == 0,
        "a card that nobody asked for was read"
    );
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn the_card_service_may_end_and_begin_again_at_any_time() -> anyhow::Result<()> {
    let mut service = Pcscd::start()?;
    let stack = Stack::start().await?;
    let _bridge = Bridge::start_on(&service, &stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::terminal(&stack, "staff").await?;
    service.kill()?;
    screen.shows("trouble").await?;
    screen
        .sees("この端末のカードリーダーの機能が動いていません")
        .await?;
    screen.is_accessible().await?;
    desk.reader_state("カードリーダー", "接続されていません")
        .await?;
    service.start_service()?;
    screen.shows("normal").await?;
    desk.reader_state("カードリーダー", "カードなし").await?;
    desk.confirm_by_eye().await?;
    screen.shows("place").await?;
    // In the middle of a reading, which is not taken for the card's fault.
    let card = service.insert_with(valid(), SLOW)?;
    screen.shows("reading").await?;
    service.kill()?;
    goes(&card).await?;
    screen.shows("trouble").await?;
    service.start_service()?;
    screen.shows("place").await?;
    desk.is_gone("//*[contains(., '読み取れませんでした')]")
        .await?;
    let _card = service.insert_with(valid(), REAL)?;
    screen.shows("consents").await?;
    // The answers do not need it.
    service.kill()?;
    screen.answer_all("同意する").await?;
    desk.is_at("資格情報確認").await?;
    ensure!(desk.value_of("氏名").await? == "新橋　太郎");
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn service_and_reader_may_come_late() -> anyhow::Result<()> {
    let mut service = Pcscd::start_without_reader()?;
    service.kill()?;
    let stack = Stack::start().await?;
    let _bridge = Bridge::start_on(&service, &stack).await?;
    let screen = Browser::start().await?;
    screen.become_reader_screen(&stack).await?;
    screen
        .sees("この端末のカードリーダーの機能が動いていません")
        .await?;
    let desk = Browser::terminal(&stack, "staff").await?;
    desk.reader_state("カードリーダー", "接続されていません")
        .await?;
    service.start_service()?;
    screen.sees("カードリーダーが見つかりません").await?;
    screen.is_accessible().await?;
    desk.sees("カードリーダーをつないでください").await?;
    service.attach_reader()?;
    screen.shows("normal").await?;
    desk.reader_state("カードリーダー", "カードなし").await?;
    let _card = service.insert(valid())?;
    screen.notices_card(true).await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}
