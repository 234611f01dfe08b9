//! Problem details (RFC 9457) with a code that programs can match on.

use domain::search::Violation;
use serde::{Deserialize, Serialize};

/// The media type of a [`Problem`].
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// RFC 9457 `type`: `about:blank`, the code says more.
    #[serde(rename = "type")]
    pub kind: String,
    /// RFC 9457 `title`: the text for the desk, in Japanese.
    pub title: String,
    /// RFC 9457 `status`: the HTTP status.
    pub status: u16,
    /// RFC 9457 `detail`: what to do next, in Japanese.
    pub detail: String,
    /// What happened, for programs and for support.
    pub code: ProblemCode,
    /// Names this request in the service's log. Empty when it never got there.
    pub request_id: String,
    /// The fields to change; empty unless `code` is [`ProblemCode::InvalidInput`].
    pub violations: Vec<ProblemViolation>,
}

/// A field to change, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemViolation {
    /// The member of the request, by its name on the wire.
    pub field: String,
    /// Why it can't be taken and what to enter, in Japanese.
    pub message: String,
}

impl From<&Violation> for ProblemViolation {
    fn from(violation: &Violation) -> Self {
        Self {
            field: violation.field.code().to_owned(),
            message: violation.rule.to_string(),
        }
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The request could not be read at all: no JSON, an unknown member, a wrong type.
    UnreadableRequest,
    /// A field breaks a rule.
    InvalidInput,
    /// There is no session, or it ended.
    NotLoggedIn,
    /// ユーザID or パスワード is wrong.
    LogInRefused,
    /// The role may not do this.
    NotAllowed,
    /// The request came from another site.
    ForeignOrigin,
    /// The candidate's ten minutes are over, or it was never this session's.
    CandidateExpired,
    /// There is nothing at this address.
    NoSuchAddress,
    /// The method is not for this address.
    MethodNotAllowed,
    /// The body is larger than the service reads.
    TooLarge,
    /// The store is busy or away; trying again may help.
    Unavailable,
    /// A fault of the service.
    Internal,
}

impl ProblemCode {
    /// All codes.
    pub const ALL: [Self; 12] = [
        Self::UnreadableRequest,
        Self::InvalidInput,
        Self::NotLoggedIn,
        Self::LogInRefused,
        Self::NotAllowed,
        Self::ForeignOrigin,
        Self::CandidateExpired,
        Self::NoSuchAddress,
        Self::MethodNotAllowed,
        Self::TooLarge,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The text for the desk.
    pub const fn title(self) -> &'static str {
        match self {
            Self::UnreadableRequest => "送信した内容を読み取れませんでした",
            Self::InvalidInput => "入力内容を確認してください",
            Self::NotLoggedIn => "ログインが必要です",
            Self::LogInRefused => "ユーザIDまたはパスワードが違います",
            Self::NotAllowed => "この操作を行う権限がありません",
            Self::ForeignOrigin => "他のサイトからの操作は受け付けません",
            Self::CandidateExpired => "検索結果の有効時間（10分）が過ぎました",
            Self::NoSuchAddress => "お探しのページはありません",
            Self::MethodNotAllowed => "この操作は受け付けていません",
            Self::TooLarge => "送信した内容が大きすぎます",
            Self::Unavailable => "ただいま混み合っています",
            Self::Internal => "サーバーで問題が起きました",
        }
    }

    /// What to do next.
    pub const fn detail(self) -> &'static str {
        match self {
            Self::UnreadableRequest => "画面を再読み込みして、もう一度お試しください。",
            Self::InvalidInput => "指摘された項目を直して、もう一度お試しください。",
            Self::NotLoggedIn => "もう一度ログインしてください。",
            Self::LogInRefused => {
                "入力し直してください。分からないときは管理者に確認してください。"
            }
            Self::NotAllowed => "権限のあるアカウントでログインし直してください。",
            Self::ForeignOrigin => "この製品の画面から操作してください。",
            Self::CandidateExpired => "もう一度検索してください。",
            Self::NoSuchAddress | Self::MethodNotAllowed => "メニューから操作し直してください。",
            Self::TooLarge => "入力を短くして、もう一度お試しください。",
            Self::Unavailable => "しばらく待ってから、もう一度お試しください。",
            Self::Internal => {
                "もう一度お試しください。続くときは、問い合わせ番号を添えてサポートにご連絡ください。"
            }
        }
    }

    /// The HTTP status it is answered with.
    pub const fn status(self) -> u16 {
        match self {
            Self::UnreadableRequest => 400,
            Self::InvalidInput => 422,
            Self::NotLoggedIn | Self::LogInRefused => 401,
            Self::NotAllowed | Self::ForeignOrigin => 403,
            Self::NoSuchAddress => 404,
            Self::MethodNotAllowed => 405,
            Self::CandidateExpired => 410,
            Self::TooLarge => 413,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }

    /// The problem of this code, with its texts.
    pub fn problem(self, request_id: &str, violations: Vec<ProblemViolation>) -> Problem {
        Problem {
            kind: "about:blank".to_owned(),
            title: self.title().to_owned(),
            status: self.status(),
            detail: self.detail().to_owned(),
            code: self,
            request_id: request_id.to_owned(),
            violations,
        }
    }
}
