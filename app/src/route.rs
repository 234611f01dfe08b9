//! Every address of the app. None carries anything personal.

use protocol::http::{CandidateId, OpeningId};

/// A page of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// ログイン.
    LogIn,
    /// メニュー.
    Menu,
    /// 緊急時医療情報・資格確認機能.
    Emergency,
    /// 資格情報照会（システム障害時）.
    Search,
    /// 資格情報確認 of a candidate.
    Eligibility(CandidateId),
    /// 利用報告書 of an opening.
    Report(OpeningId),
    /// アカウント情報管理.
    Accounts,
    /// パスワードの変更.
    Password,
    /// パスキーの設定.
    Passkeys,
    /// 顔認証付きカードリーダー操作.
    Readers,
    /// 目視確認用パスコード発行.
    Passcodes,
    /// 読取画面の登録.
    ReaderScreens,
    /// エラー履歴.
    Errors,
    /// 監査証跡.
    Audit,
    /// 控え.
    Notebook,
    /// 申請の一覧, for operators.
    Operator,
    /// 利用申請 of an institution, for operators.
    OperatorOpening(OpeningId),
    /// 医療機関の登録簿.
    Institutions,
    /// 読取画面: a page of its own, always loaded as one.
    Reader,
    /// Anything else.
    Unknown,
}

impl Route {
    /// Reads the path of an address.
    pub(crate) fn parse(path: &str) -> Self {
        let path = path.trim_end_matches('/');
        match path {
            "" => Self::Menu,
            "/login" => Self::LogIn,
            "/emergency" => Self::Emergency,
            "/accounts" => Self::Accounts,
            "/account/password" => Self::Password,
            "/account/passkeys" => Self::Passkeys,
            "/readers" => Self::Readers,
            "/accounts/passcode" => Self::Passcodes,
            "/accounts/reader-screens" => Self::ReaderScreens,
            "/errors" => Self::Errors,
            "/emergency/search" => Self::Search,
            "/audit" => Self::Audit,
            "/notebook" => Self::Notebook,
            "/reader" => Self::Reader,
            "/operator" => Self::Operator,
            "/operator/institutions" => Self::Institutions,
            _ => with_id(path).unwrap_or(Self::Unknown),
        }
    }

    /// The path that reads back as this page.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::LogIn => "/login".to_owned(),
            Self::Menu | Self::Unknown => "/".to_owned(),
            Self::Emergency => "/emergency".to_owned(),
            Self::Accounts => "/accounts".to_owned(),
            Self::Password => "/account/password".to_owned(),
            Self::Passkeys => "/account/passkeys".to_owned(),
            Self::Readers => "/readers".to_owned(),
            Self::Passcodes => "/accounts/passcode".to_owned(),
            Self::ReaderScreens => "/accounts/reader-screens".to_owned(),
            Self::Errors => "/errors".to_owned(),
            Self::Search => "/emergency/search".to_owned(),
            Self::Audit => "/audit".to_owned(),
            Self::Notebook => "/notebook".to_owned(),
            Self::Reader => "/reader".to_owned(),
            Self::Operator => "/operator".to_owned(),
            Self::Institutions => "/operator/institutions".to_owned(),
            Self::OperatorOpening(id) => [OPERATOR_OPENING, id.as_str()].concat(),
            Self::Eligibility(id) => [ELIGIBILITY, id.as_str()].concat(),
            Self::Report(id) => [REPORT, id.as_str()].concat(),
        }
    }

    /// The page's name: its heading, and the words of every link to it.
    pub(crate) const fn title(&self) -> &'static str {
        match self {
            Self::LogIn => "ログイン",
            Self::Menu => "メニュー",
            Self::Emergency => "緊急時医療情報・資格確認機能",
            Self::Search => "資格情報照会（システム障害時）",
            Self::Eligibility(_) => "資格情報確認",
            Self::Report(_) => "利用報告書",
            Self::Accounts => "アカウント情報管理",
            Self::Password => "パスワードの変更",
            Self::Passkeys => "パスキーの設定",
            Self::Readers => "顔認証付きカードリーダー操作",
            Self::Passcodes => "目視確認用パスコード発行",
            Self::ReaderScreens => "読取画面の登録",
            Self::Errors => "エラー履歴",
            Self::Audit => "監査証跡",
            Self::Notebook => "控え",
            Self::Operator => "申請の一覧",
            Self::OperatorOpening(_) => "利用申請",
            Self::Institutions => "医療機関の登録簿",
            Self::Reader => "読取画面",
            Self::Unknown => "お探しのページはありません",
        }
    }
}

/// What comes before the id of a candidate, and of an opening for either side.
const ELIGIBILITY: &str = "/emergency/eligibility/";
const REPORT: &str = "/emergency/report/";
const OPERATOR_OPENING: &str = "/operator/openings/";

fn with_id(path: &str) -> Option<Route> {
    if let Some(id) = path.strip_prefix(ELIGIBILITY) {
        return id.parse().ok().map(Route::Eligibility);
    }
    if let Some(id) = path.strip_prefix(REPORT) {
        return id.parse().ok().map(Route::Report);
    }
    let id = path.strip_prefix(OPERATOR_OPENING)?;
    id.parse().ok().map(Route::OperatorOpening)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn every_page_has_an_address_that_reads_back() {
        let table = [
            ("/login", Route::LogIn),
            ("/", Route::Menu),
            ("/emergency", Route::Emergency),
            ("/accounts", Route::Accounts),
            ("/account/password", Route::Password),
            ("/account/passkeys", Route::Passkeys),
            ("/readers", Route::Readers),
            ("/accounts/passcode", Route::Passcodes),
            ("/accounts/reader-screens", Route::ReaderScreens),
            ("/errors", Route::Errors),
            ("/emergency/search", Route::Search),
            ("/audit", Route::Audit),
            ("/notebook", Route::Notebook),
            ("/reader", Route::Reader),
            ("/operator", Route::Operator),
            ("/operator/institutions", Route::Institutions),
            (
                "/operator/openings/AAAAAAAAAAAAAAAAAAAA-_",
                Route::OperatorOpening("AAAAAAAAAAAAAAAAAAAA-_".parse().unwrap()),
            ),
            (
                "/emergency/eligibility/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-_",
                Route::Eligibility("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-_".parse().unwrap()),
            ),
            (
                "/emergency/report/AAAAAAAAAAAAAAAAAAAA-_",
                Route::Report("AAAAAAAAAAAAAAAAAAAA-_".parse().unwrap()),
            ),
        ];
        for (path, route) in table {
            assert_eq!(Route::parse(path), route, "{path}");
            assert_eq!(route.path(), path);
        }
        assert_eq!(Route::parse("/emergency/"), Route::Emergency);
    }

    #[wasm_bindgen_test]
    fn other_addresses_are_nowhere() {
        for path in [
            "/menu",
            "/Login",
            "/emergency/eligibility",
            "/operator/openings",
            "/operator/openings/short",
            "/emergency/eligibility/short",
            "/emergency/report/",
            "/emergency/eligibility/AAAAAAAAAAAAAAAAAAAA-_/x",
        ] {
            assert_eq!(Route::parse(path), Route::Unknown, "{path}");
        }
    }
}
