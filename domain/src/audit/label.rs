//! The trail in the words of the desk.

use super::Action;
use crate::card_presentation::CardFailure;
use crate::code::QualificationValidity;
use crate::consent::ConsentBundle;
use crate::opening::Cause;
use crate::passcode::PasscodeState;

impl Action {
    /// The act in words, for the administrators' page.
    pub const fn label(self) -> &'static str {
        match self {
            Self::LoggedIn => "ログイン",
            Self::LogInRefused => "ログイン失敗",
            Self::LogInDelayed => "ログインの一時停止",
            Self::TookOver => "別の端末からの引き継ぎ",
            Self::LoggedOut => "ログアウト",
            Self::LoggedOutEverywhere => "すべての端末からログアウト",
            Self::Unlocked => "画面ロックの解除",
            Self::PasswordRefused => "パスワードの入力間違い",
            Self::PasswordChanged => "パスワードの変更",
            Self::Searched => "資格情報の検索",
            Self::CandidateListed => "検索結果に表示",
            Self::EligibilityOpened => "資格情報の閲覧",
            Self::AccountAdded => "アカウントの追加",
            Self::AccountDisabled => "アカウントの停止",
            Self::PasswordReset => "パスワードの再設定",
            Self::Imported => "資格情報の取り込み",
            Self::ServiceStarted => "サービスの開始",
            Self::AuditRead => "監査証跡の閲覧",
            Self::AuditExported => "監査証跡の書き出し",
            Self::AuditPruned => "保存期間を過ぎた証跡の削除",
            Self::ReaderScreenRegistered => "読取画面の登録",
            Self::ReaderScreenRevoked => "読取画面の登録解除",
            Self::PairingCodeIssued => "読取画面の登録コードの発行",
            Self::PairingRefused => "読取画面の登録コードの入力間違い",
            Self::PasscodeIssued => "目視確認用パスコードの発行",
            Self::PasscodeRevoked => "目視確認用パスコードの取り消し",
            Self::PasscodeRefused => "目視確認用パスコードの入力間違い",
            Self::PasscodeDelayed => "目視確認用パスコードの入力の一時停止",
            Self::PasscodeVoided => "目視確認用パスコードの無効化",
            Self::VisualConfirmationBegun => "目視確認の開始",
            Self::IdentityConfirmed => "目視で本人確認完了",
            Self::ConfirmationWithdrawn => "本人確認完了の取り消し",
            Self::CardPresented => "カード提示",
            Self::CardRefused => "カードの不受理",
            Self::ConsentsGiven => "同意の回答",
            Self::VisualConfirmationEnded => "目視確認の終了",
            Self::ResultTaken => "目視確認の結果の受け取り",
            Self::CardLinked => "カードの結び付け",
            Self::ConsentsAskedChanged => "同意の質問の変更",
            Self::ClaimGuidanceChanged => "請求の案内の変更",
            Self::PasskeyAsked => "パスキーの確認の開始",
            Self::PasskeyRefused => "パスキーの確認の失敗",
            Self::PasskeyAdded => "パスキーの追加",
            Self::PasskeyRenamed => "パスキーの名前の変更",
            Self::PasskeyRemoved => "パスキーの削除",
            Self::PasskeysReset => "パスキーのリセット",
            Self::PasskeyRuleChanged => "パスキーの必須設定の変更",
            Self::OpeningRequested => "利用申請",
            Self::CallBackRecorded => "電話確認の記録",
            Self::ReportFormSent => "利用報告書の送付",
            Self::FunctionOpened => "緊急時医療情報・資格確認機能の開放",
            Self::FunctionExtended => "開放の延長",
            Self::FunctionEnded => "開放の終了",
            Self::OpeningRefused => "利用申請の却下",
            Self::OpeningWithdrawn => "利用申請の取下げ",
            Self::UsageReportSaved => "利用報告書の下書きの保存",
            Self::UsageReportSent => "利用報告書の送信",
            Self::UsageReportHandedIn => "利用報告書の提出",
            Self::UsageReportAcknowledged => "利用報告書の受領",
            Self::InstitutionRegistered => "医療機関登録簿の登録・変更",
            Self::InstitutionsImported => "医療機関登録簿の取り込み",
            Self::NotebookKeyMade => "控えの鍵の作成",
            Self::NotebookRuleChanged => "控えを残す時間の変更",
            Self::NotesDestroyed => "控えの破棄",
        }
    }

    /// Whether an institution's trail can have it: the others are acts of who runs
    /// the service, and of 実施機関.
    pub const fn is_of_institutions(self) -> bool {
        !matches!(
            self,
            Self::Imported
                | Self::ServiceStarted
                | Self::AuditPruned
                | Self::CallBackRecorded
                | Self::ReportFormSent
                | Self::FunctionOpened
                | Self::FunctionExtended
                | Self::OpeningRefused
                | Self::UsageReportAcknowledged
                | Self::InstitutionRegistered
                | Self::InstitutionsImported
        )
    }
}

/// How an act ended, in words; what has none stays as it is.
pub fn outcome_label(action: Option<Action>, outcome: &str) -> String {
    // A search adds a second word: what variant spellings did or would have found.
    match (action, outcome.split_once(' ')) {
        (Some(Action::ConsentsAskedChanged), _) => bundles_label(outcome),
        (Some(Action::ConsentsGiven), _) if outcome.is_empty() => "同意なし".to_owned(),
        (Some(Action::ConsentsGiven), _) => format!("同意：{}", bundles_label(outcome)),
        (Some(Action::Searched), Some((first, second))) => {
            let words = first_label(action, first);
            match second.strip_prefix("variants:") {
                Some(more) => format!("{words}、異体字でほか{more}人"),
                None if second == "with_variants" => format!("{words}（異体字を含む）"),
                None => format!("{words} {second}"),
            }
        }
        (Some(Action::UsageReportSaved), None) => format!("第{outcome}版"),
        (Some(Action::FunctionOpened | Action::FunctionExtended), Some((code, hours))) => {
            format!("{code}、{hours}時間")
        }
        (Some(Action::InstitutionsImported), _) => import_label(outcome),
        (Some(Action::NotebookRuleChanged), _) => [outcome, "時間"].concat(),
        (Some(Action::NotesDestroyed), Some(("time", count))) => {
            [count, "件（残す時間が過ぎた）"].concat()
        }
        (Some(Action::NotesDestroyed), Some(("person", count))) => {
            [count, "件（職員の操作）"].concat()
        }
        (Some(Action::AuditRead), _) if outcome.contains('=') => {
            let conditions: Vec<_> = outcome.split(' ').map(condition_label).collect();
            conditions.join("、")
        }
        _ => first_label(action, outcome),
    }
}

/// Bundles by their codes.
fn bundles_label(outcome: &str) -> String {
    let label = |code: &str| {
        let mut bundles = ConsentBundle::ALL.into_iter();
        let bundle = bundles.find(|bundle| bundle.code() == code);
        bundle.map_or_else(|| code.to_owned(), |bundle| bundle.label().to_owned())
    };
    let labels: Vec<_> = outcome.split_whitespace().map(label).collect();
    labels.join("、")
}

/// How many institutions a file brought.
fn import_label(outcome: &str) -> String {
    let label = |part: &str| match part.split_once(':') {
        Some(("added", count)) => format!("追加{count}件"),
        Some(("changed", count)) => format!("変更{count}件"),
        Some(("unchanged", count)) => format!("変更なし{count}件"),
        _ => part.to_owned(),
    };
    let labels: Vec<_> = outcome.split(' ').map(label).collect();
    labels.join("、")
}

/// A condition on the lines that were read.
fn condition_label(condition: &str) -> String {
    match condition.split_once('=') {
        Some(("from", day)) => [&*day.replace('-', "/"), "から"].concat(),
        Some(("to", day)) => [&*day.replace('-', "/"), "まで"].concat(),
        Some(("action", code)) => code
            .parse()
            .map_or(code, |action: Action| action.label())
            .to_owned(),
        Some((_, value)) => value.to_owned(),
        None => condition.to_owned(),
    }
}

fn first_label(action: Option<Action>, outcome: &str) -> String {
    let words = match (action, outcome) {
        (Some(Action::Searched), "not_found") => "該当なし",
        (Some(Action::Searched), "one") => "1人",
        (Some(Action::Searched), "several") => "複数",
        (Some(Action::Searched), "too_many") => "該当者多数（表示なし）",
        (Some(Action::EligibilityOpened), code) => code
            .parse()
            .map_or(code, |validity: QualificationValidity| validity.label()),
        (Some(Action::VisualConfirmationBegun), "terminal") => "資格確認端末から",
        (Some(Action::VisualConfirmationBegun), "reader") => "読取画面から",
        (Some(Action::VisualConfirmationBegun), "following") => "続けて目視確認",
        (Some(Action::VisualConfirmationEnded), "cancelled") => "中止",
        (Some(Action::VisualConfirmationEnded), "expired") => "時間切れ",
        (Some(Action::VisualConfirmationEnded), "logged_out") => "ログアウト",
        (Some(Action::VisualConfirmationEnded), "revoked") => "読取画面の登録解除",
        (Some(Action::CardRefused), code) => CardFailure::ALL
            .into_iter()
            .find(|failure| failure.code() == code)
            .map_or(code, |failure| failure.title()),
        (Some(Action::PasscodeRefused), "wrong") => "パスコードの間違い",
        (Some(Action::PasscodeRefused), "none") => "発行されていない",
        (Some(Action::PasscodeRefused | Action::PasscodeRevoked), code) => PasscodeState::ALL
            .into_iter()
            .find(|state| state.code() == code)
            .map_or(code, |state| state.label()),
        (Some(Action::CardLinked), "first") => "はじめてのカード",
        (Some(Action::CardLinked), "replaced") => "前のカードと置き換え",
        (Some(Action::AuditRead), "all") => "すべて",
        (Some(Action::LoggedIn), "passkey") => "パスワードとパスキー",
        (Some(Action::PasskeyAsked), "log_in") => "ログイン",
        (Some(Action::PasskeyAsked | Action::PasskeyRefused), "addition") => "追加",
        (Some(Action::PasskeyRefused), "in_use") => "別の画面で利用中",
        (Some(Action::ClaimGuidanceChanged), "own") => "書き換え",
        (Some(Action::ClaimGuidanceChanged), "standard") => "標準の案内",
        (Some(Action::PasskeyRuleChanged), "required") => "必須にした",
        (Some(Action::PasskeyRuleChanged), "optional") => "任意にした",
        (Some(Action::OpeningRequested), code) => {
            code.parse().map_or(code, |cause: Cause| cause.label())
        }
        (Some(Action::FunctionEnded), "time") => "自動終了（期間の満了）",
        (Some(Action::UsageReportSent), "begun") => "開始",
        (Some(Action::UsageReportSent), "refused") => "メールサーバーの拒否",
        (Some(Action::UsageReportSent), "unreachable") => "メールサーバーに接続できない",
        (Some(Action::UsageReportSent), "uncertain") => "結果不明",
        (Some(Action::UsageReportHandedIn), "file") => "メールのファイル",
        (Some(Action::UsageReportHandedIn), "smtp") => "メールの送信",
        (Some(Action::AuditExported), "page") => "画面から",
        (Some(Action::AuditRead | Action::AuditExported), "command line") => "コマンドから",
        (_, outcome) => outcome,
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_said_in_words_where_there_are_some() {
        let table = [
            (Some(Action::Searched), "one", "1人"),
            (
                Some(Action::Searched),
                "one variants:3",
                "1人、異体字でほか3人",
            ),
            (
                Some(Action::Searched),
                "several with_variants",
                "複数（異体字を含む）",
            ),
            (Some(Action::Searched), "one x", "1人 x"),
            (Some(Action::PasscodeRefused), "wrong", "パスコードの間違い"),
            (Some(Action::PasscodeRefused), "expired", "期限切れ"),
            (Some(Action::CardLinked), "replaced", "前のカードと置き換え"),
            (
                Some(Action::ConsentsAskedChanged),
                "operation x specific_diseases",
                "手術の情報、x、特定疾病療養受療証",
            ),
            (Some(Action::ClaimGuidanceChanged), "standard", "標準の案内"),
            (Some(Action::EligibilityOpened), "1", "有効"),
            (Some(Action::EligibilityOpened), "x", "x"),
            (Some(Action::LoggedIn), "", ""),
            (Some(Action::ConsentsGiven), "", "同意なし"),
            (
                Some(Action::ConsentsGiven),
                "diagnosis_and_pharmacists operation",
                "同意：診療・薬剤の情報、手術の情報",
            ),
            (
                Some(Action::VisualConfirmationEnded),
                "revoked",
                "読取画面の登録解除",
            ),
            (Some(Action::AuditRead), "all", "すべて"),
            (
                Some(Action::AuditRead),
                "from=2026-11-01 to=2026-11-22 user_id=staff action=searched",
                "2026/11/01から、2026/11/22まで、staff、資格情報の検索",
            ),
            (Some(Action::LoggedIn), "passkey", "パスワードとパスキー"),
            (Some(Action::PasskeyAsked), "addition", "追加"),
            (Some(Action::PasskeyAdded), "3", "3"),
            (
                Some(Action::OpeningRequested),
                "line",
                "ネットワーク回線の障害",
            ),
            (Some(Action::OpeningRequested), "1311234569", "1311234569"),
            (
                Some(Action::FunctionOpened),
                "1311234569 24",
                "1311234569、24時間",
            ),
            (
                Some(Action::FunctionEnded),
                "time",
                "自動終了（期間の満了）",
            ),
            (Some(Action::FunctionEnded), "1311234569", "1311234569"),
            (
                Some(Action::InstitutionsImported),
                "added:3 changed:1 unchanged:0",
                "追加3件、変更1件、変更なし0件",
            ),
            (None, "one", "one"),
        ];
        for (action, outcome, words) in table {
            assert_eq!(outcome_label(action, outcome), words);
        }
    }
}
