//! What a failure is called in Japanese, and what to do then.

use protocol::bridge::{ErrorCode, Failure};

use crate::desk::Ending;
use crate::medium::Trouble;
use crate::reading::Failed;

/// A failure before anything was sent to a card.
pub(crate) fn failure(code: ErrorCode) -> Failure {
    let (message, remedy, retryable) = words(code);
    Failure {
        code,
        message: message.to_owned(),
        remedy: remedy.to_owned(),
        retryable,
        may_have_executed: false,
        status_word: None,
    }
}

/// A reading that failed, or that nobody may have the result of.
pub(crate) fn of_reading(failed: Option<&Failed>, ending: Ending, has_sent: bool) -> Failure {
    let code = match (ending, failed.map(code_of)) {
        // The reader's fate says more than what the last command ran into.
        (Ending::ReaderGone, Some(ErrorCode::ServiceUnavailable)) => ErrorCode::ServiceUnavailable,
        (Ending::ReaderGone, _) => ErrorCode::ReaderRemoved,
        (Ending::CardGone, None | Some(ErrorCode::Internal)) => ErrorCode::CardRemoved,
        (_, Some(code)) => code,
        (Ending::LeaseGone, None) => ErrorCode::LeaseEnded,
        (Ending::Valid, None) => ErrorCode::Internal,
    };
    let status_word = match failed {
        Some(Failed::Card(card::jpki::ReadError::Unreadable { status_word, .. })) => {
            Some(u16::from(*status_word))
        }
        _ => None,
    };
    Failure {
        may_have_executed: has_sent,
        status_word,
        ..failure(code)
    }
}

const fn code_of(failed: &Failed) -> ErrorCode {
    use card::jpki::ReadError;
    match failed {
        Failed::Trouble(trouble) => code_of_trouble(*trouble),
        Failed::Cancelled => ErrorCode::Cancelled,
        Failed::Endless => ErrorCode::CardUnreadable,
        Failed::Card(error) => match error {
            ReadError::NotAMyNumberCard => ErrorCode::NotAMyNumberCard,
            ReadError::JukiCard => ErrorCode::JukiCard,
            ReadError::Phone(_) => ErrorCode::PhoneNotSupported,
            ReadError::UnknownToken => ErrorCode::UnknownToken,
            ReadError::NoCertificate => ErrorCode::NoCertificate,
            ReadError::Unreadable { .. } => ErrorCode::CardRefused,
            ReadError::Malformed { .. } => ErrorCode::CardUnreadable,
        },
    }
}

const fn code_of_trouble(trouble: Trouble) -> ErrorCode {
    match trouble {
        Trouble::Stale => ErrorCode::StaleCard,
        Trouble::CardRemoved | Trouble::NoAnswer => ErrorCode::CardRemoved,
        Trouble::CardReset => ErrorCode::CardReset,
        Trouble::Mute => ErrorCode::CardMute,
        Trouble::InUseElsewhere => ErrorCode::CardInUseElsewhere,
        Trouble::ReaderRemoved => ErrorCode::ReaderRemoved,
        Trouble::ServiceUnavailable => ErrorCode::ServiceUnavailable,
        Trouble::ServiceDenied => ErrorCode::ServiceDenied,
        Trouble::Other(_) => ErrorCode::Internal,
    }
}

/// Message, remedy, and whether trying again can help.
#[expect(clippy::too_many_lines, reason = "a table, one row for each code")]
const fn words(code: ErrorCode) -> (&'static str, &'static str, bool) {
    match code {
        ErrorCode::BadMessage => (
            "画面からの通信を理解できませんでした。",
            "画面を再読み込みしてください。",
            false,
        ),
        ErrorCode::VersionUnsupported => (
            "画面とカードリーダー接続プログラムの版が合いません。",
            "画面を再読み込みし、直らないときはカードリーダー接続プログラムを更新してください。",
            false,
        ),
        ErrorCode::BadKey | ErrorCode::BadSignature => (
            "この画面を確かめられませんでした。",
            "画面を再読み込みし、直らないときはペアリングをやり直してください。",
            false,
        ),
        ErrorCode::NotPaired => (
            "この画面はカードリーダー接続プログラムに登録されていません。",
            "もう一度接続し、表示される6桁の番号を端末で確かめて登録してください。",
            true,
        ),
        ErrorCode::TooManyRequests => (
            "処理中の操作が多すぎます。",
            "前の操作が終わるまでお待ちください。",
            true,
        ),
        ErrorCode::Closing => (
            "カードリーダー接続プログラムが終了するところです。",
            "数秒待ってから、もう一度操作してください。",
            true,
        ),
        ErrorCode::NoSuchReader => (
            "カードリーダーが見つかりません。",
            "カードリーダーの接続を確かめてください。",
            true,
        ),
        ErrorCode::ReaderInUse => (
            "カードリーダーは別の画面が使っています。",
            "別の画面での操作を終えるか、使用中の画面から引き継いでください。",
            true,
        ),
        ErrorCode::HolderChanged => (
            "カードリーダーを使っている画面が、表示のあとで変わりました。",
            "今の使用者を確かめて、もう一度操作してください。",
            true,
        ),
        ErrorCode::ReaderBusy => (
            "カードリーダーはカードを読み取っています。",
            "読み取りが終わるまでお待ちください。",
            true,
        ),
        ErrorCode::LeaseEnded => (
            "この画面はカードリーダーを使える状態ではなくなりました。",
            "もう一度カードリーダーの使用を始めてください。",
            true,
        ),
        ErrorCode::StaleCard => (
            "カードが置き直されたか、別のカードに替わりました。",
            "置かれているカードを確かめて、もう一度操作してください。",
            true,
        ),
        ErrorCode::CardRemoved => (
            "読み取りの途中でカードが離れました。",
            "カードをもう一度置き、終わるまで動かさないでください。",
            true,
        ),
        ErrorCode::ReaderRemoved => (
            "カードリーダーが取り外されました。",
            "カードリーダーをつなぎ直してください。",
            true,
        ),
        ErrorCode::CardMute => (
            "カードが応答しません。",
            "カードの向きを確かめ、1枚だけを置き直してください。",
            true,
        ),
        ErrorCode::CardInUseElsewhere => (
            "ほかのプログラムがカードを使っています。",
            "カードを使っているほかのプログラムを終了してください。",
            true,
        ),
        ErrorCode::CardReset => (
            "読み取りの途中で、ほかのプログラムがカードをリセットしました。",
            "ほかのプログラムを終了して、もう一度操作してください。",
            true,
        ),
        ErrorCode::ServiceUnavailable => (
            "この端末のスマートカードのサービスが動いていません。",
            "自動で再接続しています。直らないときは、端末の管理者が shikaku-reader-bridge doctor で確かめてください。",
            true,
        ),
        ErrorCode::ServiceStuck => (
            "この端末のスマートカードのサービスが応答しません。",
            "カードリーダーをつなぎ直してください。直らないときは、サービスか端末を再起動してください。",
            true,
        ),
        ErrorCode::ServiceDenied => (
            "この端末のスマートカードのサービスを使う権限がありません。",
            "端末の管理者が shikaku-reader-bridge doctor で確かめてください。",
            false,
        ),
        ErrorCode::TimedOut => (
            "カードが時間内に応答しませんでした。",
            "カードを置き直して、もう一度操作してください。",
            true,
        ),
        ErrorCode::Cancelled => (
            "取り消しました。",
            "必要なら、もう一度操作してください。",
            true,
        ),
        ErrorCode::NotAMyNumberCard => (
            "マイナンバーカードではありません。",
            "マイナンバーカードを置いてください。",
            false,
        ),
        ErrorCode::JukiCard => (
            "住民基本台帳カードは使えません。",
            "マイナンバーカードを置いてください。",
            false,
        ),
        ErrorCode::PhoneNotSupported => (
            "スマートフォンは使えません。",
            "マイナンバーカードそのものを置いてください。",
            false,
        ),
        ErrorCode::UnknownToken => (
            "このプログラムが知らない種類のカードです。",
            "ほかの方法で確認し、端末の管理者に知らせてください。",
            false,
        ),
        ErrorCode::NoCertificate => (
            "カードに利用者証明用電子証明書がありません。",
            "ほかの方法で確認してください。証明書は住所地の市区町村で発行されます。",
            false,
        ),
        ErrorCode::CardRefused => (
            "カードが読み取りを断りました。",
            "カードを置き直し、直らないときはほかの方法で確認してください。",
            true,
        ),
        ErrorCode::CardUnreadable => (
            "カードを読み取れませんでした。",
            "カードを置き直し、直らないときはほかの方法で確認してください。",
            true,
        ),
        ErrorCode::NoSimulator => (
            "模擬カードリーダーは使われていません。",
            "模擬カードは run --simulator で起動したときだけ使えます。",
            false,
        ),
        ErrorCode::Internal => (
            "カードリーダー接続プログラムで問題が起きました。",
            "もう一度操作し、直らないときは端末の管理者に知らせてください。",
            true,
        ),
    }
}
