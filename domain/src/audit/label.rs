//! The trail in the words of the desk.

use super::Action;
use crate::code::QualificationValidity;

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
            Self::PasskeyAsked => "パスキーの確認の開始",
            Self::PasskeyRefused => "パスキーの確認の失敗",
            Self::PasskeyAdded => "パスキーの追加",
            Self::PasskeyRenamed => "パスキーの名前の変更",
            Self::PasskeyRemoved => "パスキーの削除",
            Self::PasskeysReset => "パスキーのリセット",
            Self::PasskeyRuleChanged => "パスキーの必須設定の変更",
        }
    }

    /// Whether an institution's trail can have it: the others are acts of who runs
    /// the service.
    pub const fn is_of_institutions(self) -> bool {
        !matches!(
            self,
            Self::Imported | Self::ServiceStarted | Self::AuditPruned
        )
    }
}

/// How an act ended, in words; what has none stays as it is.
pub fn outcome_label(action: Option<Action>, outcome: &str) -> String {
    // A search adds a second word: what variant spellings did or would have found.
    match (action, outcome.split_once(' ')) {
        (Some(Action::Searched), Some((first, second))) => {
            let words = first_label(action, first);
            match second.strip_prefix("variants:") {
                Some(more) => format!("{words}、異体字でほか{more}人"),
                None if second == "with_variants" => format!("{words}（異体字を含む）"),
                None => format!("{words} {second}"),
            }
        }
        (Some(Action::AuditRead), _) if outcome.contains('=') => {
            let conditions: Vec<_> = outcome.split(' ').map(condition_label).collect();
            conditions.join("、")
        }
        _ => first_label(action, outcome),
    }
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
        (Some(Action::AuditRead), "all") => "すべて",
        (Some(Action::LoggedIn), "passkey") => "パスワードとパスキー",
        (Some(Action::PasskeyAsked), "log_in") => "ログイン",
        (Some(Action::PasskeyAsked | Action::PasskeyRefused), "addition") => "追加",
        (Some(Action::PasskeyRefused), "in_use") => "別の画面で利用中",
        (Some(Action::PasskeyRuleChanged), "required") => "必須にした",
        (Some(Action::PasskeyRuleChanged), "optional") => "任意にした",
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
            (Some(Action::EligibilityOpened), "1", "有効"),
            (Some(Action::EligibilityOpened), "x", "x"),
            (Some(Action::LoggedIn), "", ""),
            (Some(Action::AuditRead), "all", "すべて"),
            (
                Some(Action::AuditRead),
                "from=2026-11-01 to=2026-11-22 user_id=staff action=searched",
                "2026/11/01から、2026/11/22まで、staff、資格情報の検索",
            ),
            (Some(Action::LoggedIn), "passkey", "パスワードとパスキー"),
            (Some(Action::PasskeyAsked), "addition", "追加"),
            (Some(Action::PasskeyAdded), "3", "3"),
            (None, "one", "one"),
        ];
        for (action, outcome, words) in table {
            assert_eq!(outcome_label(action, outcome), words);
        }
    }
}
