//! 利用報告書 over SMTP: sent by the service to a real mail server, and what is said when it can't be.

use anyhow::{Context as _, ensure};
use mail_parser::{MessageParser, MimeHeaders as _};
use serde_json::json;
use tests::{Browser, Stack};

use crate::mail_server::{Conduct, TestMailServer, Tls};

const SUBJECT: &str = "システム障害時機能の利用報告";
const FILE_NAME: &str = "利用報告書.txt";
/// Of whom one is looked up before the report is made.
const PATIENT: [&str; 4] = ["新橋", "太郎", "シンバシ", "2021"];
const HAND_IN: &str = "//button[@id='hand-in'][not(@disabled)]";

/// Comes to a complete report of a function that was used and has ended.
async fn at_a_complete_report(stack: &Stack) -> anyhow::Result<Browser> {
    let staff = Browser::logged_in(stack, "staff").await?;
    staff.go_to_search().await?;
    staff.search_taro("皇居裏").await?;
    staff.is_at("資格情報確認").await?;
    staff.sees("北海道新橋健康保険組合").await?;
    stack.operate(&json!({ "end": { "reason": "復旧のため" } }))?;
    staff.close_after_failed_requests().await?;
    let admin = Browser::logged_in(stack, "admin").await?;
    admin.press("緊急時医療情報・資格確認機能").await?;
    admin.press("利用報告書を提出").await?;
    admin.is_at("利用報告書").await?;
    admin.enter("障害の発生日時", "2026/11/20 9:30ごろ").await?;
    admin.enter("障害の復旧日時", "復旧していない").await?;
    let description = admin.find("//*[@id='description']").await?;
    description
        .send_keys("光回線の終端装置が故障した。")
        .await?;
    Ok(admin)
}

async fn send(admin: &Browser) -> anyhow::Result<()> {
    admin.find(HAND_IN).await?.click().await?;
    admin
        .sees("コールセンターのメールアドレスへ、このシステムから送信します")
        .await?;
    admin.find("//*[@id='dialog-yes']").await?.click().await?;
    Ok(())
}

/// From now on what is on the page for a moment only can be looked at afterwards.
async fn keep_what_is_said(admin: &Browser) -> anyhow::Result<()> {
    admin
        .script(
            "window.said = '';
             window.wasDisabled = false;
             new MutationObserver(() => {
               const status = [...document.querySelectorAll('main [role=status]')];
               window.said += status.map(it => it.textContent).join(' ');
               window.wasDisabled ||= document.getElementById('hand-in')?.disabled ?? false;
             }).observe(document.body, { attributes: true, childList: true, subtree: true })",
        )
        .await
}

/// The report is still a draft, with what was typed, and both ways are open.
async fn is_still_a_draft(admin: &Browser) -> anyhow::Result<()> {
    admin.find(HAND_IN).await?;
    admin
        .find("//button[@id='hand-in-file'][not(@disabled)]")
        .await?;
    admin.is_gone("//*[@id='handed-in']").await?;
    assert_eq!(admin.text_of("障害の復旧日時").await?, "復旧していない");
    admin.is_accessible().await
}

#[tokio::test]
async fn a_report_is_sent_from_the_page_and_arrives_whole() -> anyhow::Result<()> {
    let server = TestMailServer::start(Conduct::TakesMail, Tls::Never);
    let stack = Stack::start_with_mail(server.address).await?.opened()?;
    let admin = at_a_complete_report(&stack).await?;
    keep_what_is_said(&admin).await?;
    send(&admin).await?;
    admin.sees("利用報告書を提出しました").await?;
    admin
        .until("return window.said.includes('メールを送信しています…')")
        .await?;
    ensure!(
        admin.script::<bool>("return window.wasDisabled").await?,
        "it can't be sent twice"
    );
    admin.sees("もう一度送信する必要はありません").await?;
    // Also for who opens it later.
    admin.driver().refresh().await?;
    admin.sees("もう一度送信する必要はありません").await?;
    admin.sees("実施機関の受領を待っています").await?;
    admin.is_accessible().await?;

    let delivered = server.delivered();
    ensure!(delivered.len() == 1, "{} mails", delivered.len());
    let mail = delivered.first().context("no mail")?;
    let bytes = String::from_utf8_lossy(&mail.bytes);
    let message = MessageParser::default().parse(&mail.bytes);
    let message = message.context("not a mail")?;
    assert_eq!(message.subject(), Some(SUBJECT));
    ensure!(mail.to.len() == 1, "{:?}", mail.to);
    let to = mail.to.first().context("to nobody")?;
    admin.sees(&format!("{to}へ送信しました")).await?;
    let text = message.body_text(0).context("no text")?;
    ensure!(message.attachment_count() == 1);
    let attachment = message.attachment(0).context("no attachment")?;
    let name = attachment.attachment_name().context("without a name")?;
    assert_eq!(name, FILE_NAME);
    assert_eq!(attachment.text_contents(), Some(text.as_ref()));
    for said in ["光回線の終端装置が故障した。", "新橋サンプルクリニック"]
    {
        ensure!(text.contains(said), "{said} is not in: {text}");
    }
    // The clinic is called after the same place as the patient.
    let of_nobody = text.replace("新橋サンプルクリニック", "");
    for word in PATIENT {
        ensure!(!of_nobody.contains(word), "{word} is in: {text}");
        ensure!(!bytes.contains(word), "{word}");
    }

    stack.operate(&json!("acknowledge"))?;
    admin.sees("に受領しました").await?;
    admin.close_after_failed_requests().await
}

#[tokio::test]
async fn a_report_that_can_not_be_sent_stays_a_draft_and_can_leave_as_a_file() -> anyhow::Result<()>
{
    let server = TestMailServer::start(Conduct::HangsUp, Tls::Never);
    let stack = Stack::start_with_mail(server.address).await?.opened()?;
    let admin = at_a_complete_report(&stack).await?;
    for (conduct, title, what_to_do) in [
        (
            Conduct::HangsUp,
            "メールサーバーに接続できませんでした",
            "まだ提出されていません。しばらくしてから",
        ),
        (
            Conduct::RefusesRecipient,
            "メールサーバーが利用報告書を受け付けませんでした",
            "まだ提出されていません。メールファイルで",
        ),
        (
            Conduct::DropsItsAnswer,
            "利用報告書が届いたかどうか確認できません",
            "実施機関に届いているか、電話で確認してください",
        ),
    ] {
        server.behave(conduct);
        send(&admin).await?;
        admin.sees(title).await?;
        admin.sees(what_to_do).await?;
        is_still_a_draft(&admin).await?;
    }
    ensure!(server.delivered().len() == 1, "the one nobody knows of");

    // Also after the page was opened anew: nothing is half done.
    server.behave(Conduct::TakesMail);
    admin.driver().refresh().await?;
    is_still_a_draft(&admin).await?;
    send(&admin).await?;
    admin
        .sees("利用報告書が届いたかどうか確認できません")
        .await?;
    ensure!(server.delivered().len() == 1, "it is not sent twice");
    admin.press("メールファイルで提出").await?;
    admin.find("//*[@id='dialog-yes']").await?.click().await?;
    admin.sees("利用報告書を提出しました").await?;
    admin
        .sees("次のとおり、メールソフトから送信してください")
        .await?;
    let mail = admin.mail_file().await?;
    let message = MessageParser::default().parse(mail.as_bytes());
    assert_eq!(message.context("not a mail")?.subject(), Some(SUBJECT));
    admin.close_after_failed_requests().await
}
