//! Problem details (RFC 9457) with a code that programs can match on.

use domain::search::Violation;
use domain::session::SessionEnd;
use serde::{Deserialize, Serialize};

/// The media type of a [`Problem`].
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemViolation {
    /// The member of the request, by its name on the wire.
    pub field: String,
    /// Why it can't be taken and what to enter, in Japanese.
    pub message: String,
}

impl From<SessionEnd> for ProblemCode {
    fn from(end: SessionEnd) -> Self {
        match end {
            SessionEnd::Idle => Self::SessionIdle,
            SessionEnd::Expired => Self::SessionExpired,
            SessionEnd::TakenOver => Self::TakenOver,
            SessionEnd::Everywhere => Self::LoggedOutEverywhere,
            SessionEnd::AccountChanged => Self::AccountChanged,
        }
    }
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// Somebody logged in gave a wrong パスワード.
    PasswordRefused,
    /// Too many attempts failed; `Retry-After` says how long to wait.
    TooManyAttempts,
    /// The account is logged in elsewhere, and the log-in did not say to take over.
    InUseElsewhere,
    /// The session is locked: only the password opens it again.
    Locked,
    /// The password is a one-time password: another one must be chosen first.
    PasswordChangeRequired,
    /// The passkey's answer does not hold.
    PasskeyRefused,
    /// What a passkey was asked for is not waited for any more, or was answered.
    PasskeyChallengeOver,
    /// The institution wants a passkey, and the account has none: one must be added first.
    PasskeyRequired,
    /// The account has as many passkeys as it may have.
    TooManyPasskeys,
    /// The institution wants a passkey, and this one is the account's last.
    LastPasskey,
    /// The account has no such passkey.
    NoSuchPasskey,
    /// Who makes passkeys a must has to have one.
    OwnPasskeyFirst,
    /// The service was not told its origin, without which there are no passkeys.
    PasskeysNotSetUp,
    /// The session ended, because nothing was done for too long.
    SessionIdle,
    /// The session ended, because it had lasted for a working day.
    SessionExpired,
    /// The session ended, because the account logged in elsewhere.
    TakenOver,
    /// The session ended by 「すべての端末からログアウト」.
    LoggedOutEverywhere,
    /// The session ended, because the account was disabled or given another password.
    AccountChanged,
    /// The institution has no such account.
    NoSuchAccount,
    /// An administrator can't do this to his own account.
    OwnAccount,
    /// The institution would be left without an administrator.
    LastAdministrator,
    /// The role may not do this.
    NotAllowed,
    /// The request came from another site.
    ForeignOrigin,
    /// The candidate's ten minutes are over, or it was never this session's.
    CandidateExpired,
    /// This browser is no reader screen, or no more.
    NotAReaderScreen,
    /// The pairing code is wrong, used, or its time is over.
    PairingRefused,
    /// The institution has no such reader screen.
    NoSuchReaderScreen,
    /// The reader is busy with another visual confirmation.
    ReaderBusy,
    /// The reader's screen is not connected to the service.
    ReaderOffline,
    /// The visual confirmation is over, or was never this one's.
    VisualConfirmationOver,
    /// The visual confirmation does not allow this now; the title says why.
    OutOfTurn,
    /// The visual confirmation is to be continued where it was begun.
    BegunElsewhere,
    /// The passcode is wrong.
    PasscodeWrong,
    /// An entry of the passcode was not compared, because too many had been wrong; the
    /// answer's `Retry-After` says when to try again.
    PasscodeDelayed,
    /// No passcode is issued, or its time is over.
    NoPasscode,
    /// The passcode was revoked, or a newer one was issued.
    PasscodeEnded,
    /// The passcode is void by wrong entries.
    PasscodeVoid,
    /// The presented card is not there to be linked any more.
    NoSuchCard,
    /// The person has another card, which has to be replaced expressly.
    AnotherCardLinked,
    /// The emergency function is not open; the detail says where it stands.
    FunctionNotOpen,
    /// The institution has asked for the function already, and that is under way.
    OpeningUnderWay,
    /// The opening does not allow this now; the title says why.
    OpeningOutOfStep,
    /// There is no such opening, or none that could be withdrawn.
    NoSuchOpening,
    /// No such institution is registered.
    NoSuchInstitution,
    /// The institution has no registered telephone number and mail address.
    NoRegisteredContact,
    /// The service was not told the address that report forms come from.
    NoReportAddress,
    /// Somebody else has saved the report meanwhile.
    ReportChanged,
    /// Somebody else has changed 請求の案内 meanwhile.
    ClaimGuidanceChanged,
    /// The report is being sent at this moment.
    ReportBeingSent,
    /// The mail server was given this version of the report, and its answer never came.
    ReportUncertain,
    /// The service was not told a mail server.
    MailNotSetUp,
    /// The mail server can't be reached; it does not have the report.
    MailServerUnreachable,
    /// The mail server did not take the report.
    MailServerRefused,
    /// There is nothing at this address.
    NoSuchAddress,
    /// The method is not for this address.
    MethodNotAllowed,
    /// The body is larger than the service reads.
    TooLarge,
    /// More requests than hands can make; the answer's `Retry-After` says when to
    /// go on.
    TooManyRequests,
    /// The store is busy or away; trying again may help.
    Unavailable,
    /// A fault of the service.
    Internal,
}

impl ProblemCode {
    /// All codes.
    pub const ALL: [Self; 63] = [
        Self::UnreadableRequest,
        Self::InvalidInput,
        Self::NotLoggedIn,
        Self::LogInRefused,
        Self::PasswordRefused,
        Self::TooManyAttempts,
        Self::InUseElsewhere,
        Self::Locked,
        Self::PasswordChangeRequired,
        Self::PasskeyRefused,
        Self::PasskeyChallengeOver,
        Self::PasskeyRequired,
        Self::TooManyPasskeys,
        Self::LastPasskey,
        Self::NoSuchPasskey,
        Self::OwnPasskeyFirst,
        Self::PasskeysNotSetUp,
        Self::SessionIdle,
        Self::SessionExpired,
        Self::TakenOver,
        Self::LoggedOutEverywhere,
        Self::AccountChanged,
        Self::NoSuchAccount,
        Self::OwnAccount,
        Self::LastAdministrator,
        Self::NotAllowed,
        Self::ForeignOrigin,
        Self::CandidateExpired,
        Self::NotAReaderScreen,
        Self::PairingRefused,
        Self::NoSuchReaderScreen,
        Self::ReaderBusy,
        Self::ReaderOffline,
        Self::VisualConfirmationOver,
        Self::OutOfTurn,
        Self::BegunElsewhere,
        Self::PasscodeWrong,
        Self::PasscodeDelayed,
        Self::NoPasscode,
        Self::PasscodeEnded,
        Self::PasscodeVoid,
        Self::NoSuchCard,
        Self::AnotherCardLinked,
        Self::FunctionNotOpen,
        Self::OpeningUnderWay,
        Self::OpeningOutOfStep,
        Self::NoSuchOpening,
        Self::NoSuchInstitution,
        Self::NoRegisteredContact,
        Self::NoReportAddress,
        Self::ReportChanged,
        Self::ClaimGuidanceChanged,
        Self::ReportBeingSent,
        Self::ReportUncertain,
        Self::MailNotSetUp,
        Self::MailServerUnreachable,
        Self::MailServerRefused,
        Self::NoSuchAddress,
        Self::MethodNotAllowed,
        Self::TooLarge,
        Self::TooManyRequests,
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
            Self::PasswordRefused => "パスワードが違います",
            Self::TooManyAttempts => "パスワードの入力が続けて失敗しました",
            Self::InUseElsewhere => "このアカウントは別の画面で利用中です",
            Self::Locked => "画面をロックしました",
            Self::PasswordChangeRequired => "パスワードの変更が必要です",
            Self::PasskeyRefused => "パスキーを確認できませんでした",
            Self::PasskeyChallengeOver => "パスキーの確認の有効時間（5分）が過ぎました",
            Self::PasskeyRequired => "パスキーの登録が必要です",
            Self::TooManyPasskeys => "パスキーは5個まで登録できます",
            Self::LastPasskey => "最後のパスキーは削除できません",
            Self::NoSuchPasskey => "該当するパスキーがありません",
            Self::OwnPasskeyFirst => "先に、自分のパスキーを登録してください",
            Self::PasskeysNotSetUp => "このサーバーでは、パスキーを利用できません",
            Self::SessionIdle => "操作がなかったため、ログアウトしました",
            Self::SessionExpired => "ログインから12時間が過ぎたため、ログアウトしました",
            Self::TakenOver => "別の画面でログインしたため、ログアウトしました",
            Self::LoggedOutEverywhere => "すべての端末からログアウトしました",
            Self::AccountChanged => "アカウントが変更されたため、ログアウトしました",
            Self::NoSuchAccount => "該当するアカウントがありません",
            Self::OwnAccount => "自分のアカウントには行えません",
            Self::LastAdministrator => "有効な管理者がいなくなるため、行えません",
            Self::NotAllowed => "この操作を行う権限がありません",
            Self::ForeignOrigin => "他のサイトからの操作は受け付けません",
            Self::CandidateExpired => "検索結果の有効時間（10分）が過ぎました",
            Self::NotAReaderScreen => "この画面は読取画面として登録されていません",
            Self::PairingRefused => "登録コードが違うか、有効期限が切れています",
            Self::NoSuchReaderScreen => "該当する読取画面がありません",
            Self::ReaderBusy => "この読取画面は目視確認の途中です",
            Self::ReaderOffline => "この読取画面は接続されていません",
            Self::VisualConfirmationOver => "この目視確認は終了しています",
            Self::OutOfTurn => "いまはこの操作を行えません",
            Self::BegunElsewhere => "この目視確認は、始めた端末または読取画面で操作してください",
            Self::PasscodeWrong => "目視確認用パスコードが違います",
            Self::PasscodeDelayed => "目視確認用パスコードの入力間違いが続きました",
            Self::NoPasscode => "有効な目視確認用パスコードがありません",
            Self::PasscodeEnded => "この目視確認用パスコードは無効になりました",
            Self::PasscodeVoid => "入力間違いが続いたため、目視確認用パスコードを無効にしました",
            Self::NoSuchCard => "結び付けるカードの有効時間が過ぎました",
            Self::AnotherCardLinked => "この方には、別のカードがすでに結び付けられています",
            Self::FunctionNotOpen => "緊急時医療情報・資格確認機能は開放されていません",
            Self::OpeningUnderWay => "利用申請はすでに受け付けています",
            Self::OpeningOutOfStep => "いまはこの手順を行えません",
            Self::NoSuchOpening => "該当する利用申請がありません",
            Self::NoSuchInstitution => "該当する医療機関・薬局が登録簿にありません",
            Self::NoRegisteredContact => "電話番号とメールアドレスが登録簿に登録されていません",
            Self::NoReportAddress => "利用報告書の送付元のアドレスが設定されていません",
            Self::ReportChanged => "利用報告書は、別の画面で保存されています",
            Self::ClaimGuidanceChanged => "請求の案内は、別の画面で変更されています",
            Self::ReportBeingSent => "利用報告書を送信しています",
            Self::ReportUncertain => "利用報告書が届いたかどうか確認できません",
            Self::MailNotSetUp => "このサーバーからは、メールを送信できません",
            Self::MailServerUnreachable => "メールサーバーに接続できませんでした",
            Self::MailServerRefused => "メールサーバーが利用報告書を受け付けませんでした",
            Self::NoSuchAddress => "お探しのページはありません",
            Self::MethodNotAllowed => "この操作は受け付けていません",
            Self::TooLarge => "送信した内容が大きすぎます",
            Self::TooManyRequests => "操作の間隔が短すぎます",
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
            Self::PasswordRefused => "もう一度入力してください。",
            Self::InUseElsewhere => "ほかの人が利用していないか、確認してください。",
            Self::Locked => "パスワードを入力して、ロックを解除してください。",
            Self::PasswordChangeRequired => {
                "仮パスワードでログインしています。新しいパスワードを決めてください。"
            }
            Self::PasskeyRefused => {
                "もう一度はじめから操作してください。登録した機器をなくしたときは、管理者にパスキーのリセットを依頼してください。"
            }
            Self::PasskeyChallengeOver => "もう一度はじめから操作してください。",
            Self::PasskeyRequired => {
                "この医療機関では、ログインにパスキーが必要です。「パスキーの設定」で登録してください。"
            }
            Self::TooManyPasskeys => "使わないパスキーを削除してから、追加してください。",
            Self::LastPasskey => {
                "この医療機関では、ログインにパスキーが必要です。別のパスキーを追加してから、削除してください。"
            }
            Self::OwnPasskeyFirst => {
                "パスキーを必須にする管理者には、パスキーが必要です。「パスキーの設定」で登録してください。"
            }
            Self::PasskeysNotSetUp => {
                "システムの担当者に、サーバーの起動時に「--origin」でこの画面のアドレスを指定するよう依頼してください。"
            }
            Self::SessionIdle | Self::SessionExpired | Self::LoggedOutEverywhere => {
                "続けて利用するときは、もう一度ログインしてください。"
            }
            Self::TakenOver => {
                "同じアカウントを、ほかの人または別の端末が利用しています。心当たりがないときは、パスワードを変更し、管理者に知らせてください。"
            }
            Self::AccountChanged => {
                "パスワードかパスキーが変更されたか、アカウントが無効になりました。新しいパスワードでログインするか、管理者に確認してください。"
            }
            Self::NoSuchAccount
            | Self::NoSuchReaderScreen
            | Self::NoSuchPasskey
            | Self::NoSuchOpening => "画面を再読み込みして、一覧を確認してください。",
            Self::OwnAccount => {
                "ほかの管理者に依頼してください。パスワードは「パスワードの変更」で変更できます。"
            }
            Self::LastAdministrator => {
                "先に、ほかの管理者のアカウントを作成するか、有効にしてください。"
            }
            Self::NotAllowed => "権限のあるアカウントでログインし直してください。",
            Self::ForeignOrigin => "この製品の画面から操作してください。",
            Self::CandidateExpired => "もう一度検索してください。",
            Self::NotAReaderScreen => {
                "管理者に「アカウント情報管理」の「読取画面の登録」で登録コードの発行を依頼してください。"
            }
            Self::PairingRefused => {
                "コードを確かめて、もう一度入力してください。10分を過ぎたときは、新しいコードを発行してください。"
            }
            Self::ReaderBusy => {
                "終わるのを待つか、「目視確認を終了」で終わらせてから、もう一度始めてください。"
            }
            Self::ReaderOffline => {
                "読取画面の電源とネットワークを確認してから、もう一度始めてください。"
            }
            Self::VisualConfirmationOver => {
                "続けるときは、もう一度「目視確認」から始めてください。"
            }
            Self::OutOfTurn => "画面の案内の順に操作してください。",
            Self::BegunElsewhere => "ほかの職員が操作していないか、確認してください。",
            Self::PasscodeWrong => "確かめて、もう一度入力してください。",
            Self::NoPasscode | Self::PasscodeEnded | Self::PasscodeVoid => {
                "管理者に「目視確認用パスコード発行」での発行を依頼してください。"
            }
            Self::NoSuchCard => "もう一度、カードを読取画面で提示してもらってください。",
            Self::AnotherCardLinked => {
                "カードを更新または再交付された方かどうかを確かめてください。確かめたうえで、前のカードと置き換えられます。"
            }
            Self::FunctionNotOpen
            | Self::OpeningUnderWay
            | Self::OpeningOutOfStep
            | Self::NoSuchInstitution
            | Self::NoRegisteredContact
            | Self::NoReportAddress
            | Self::ReportChanged
            | Self::ClaimGuidanceChanged
            | Self::ReportBeingSent
            | Self::ReportUncertain
            | Self::MailNotSetUp
            | Self::MailServerUnreachable
            | Self::MailServerRefused => self.detail_of_openings(),
            Self::NoSuchAddress | Self::MethodNotAllowed => "メニューから操作し直してください。",
            Self::TooLarge => "入力を短くして、もう一度お試しください。",
            Self::TooManyRequests => "10秒ほど待ってから、もう一度お試しください。",
            Self::Unavailable | Self::TooManyAttempts | Self::PasscodeDelayed => {
                "しばらく待ってから、もう一度お試しください。"
            }
            Self::Internal => {
                "もう一度お試しください。続くときは、問い合わせ番号を添えてサポートにご連絡ください。"
            }
        }
    }

    /// What to do next about an opening and its 利用報告書.
    const fn detail_of_openings(self) -> &'static str {
        match self {
            Self::FunctionNotOpen => {
                "管理者が「緊急時医療情報・資格確認機能」から利用申請をしてください。"
            }
            Self::OpeningUnderWay => {
                "「緊急時医療情報・資格確認機能」で、いまの手順を確認してください。"
            }
            Self::OpeningOutOfStep => "画面を再読み込みして、いまの手順を確認してください。",
            Self::NoSuchInstitution => {
                "医療機関コードを確かめ、必要なときは登録簿に登録してください。"
            }
            Self::NoRegisteredContact => {
                "保険医療機関届で確かめて登録簿に登録してから、もう一度操作してください。"
            }
            Self::NoReportAddress => {
                "システムの担当者に、サーバーの起動時に「--report-address」で指定するよう依頼してください。"
            }
            Self::ReportChanged | Self::ClaimGuidanceChanged => {
                "画面を再読み込みして、保存されている内容を確認してから、もう一度操作してください。"
            }
            Self::ReportBeingSent => "1分ほど待ってから、画面を再読み込みしてください。",
            Self::ReportUncertain => {
                "メールサーバーの返事がありませんでした。実施機関に届いているか、電話で確認してください。届いていないときは、メールファイルで提出するか、保存し直してから送信してください。"
            }
            Self::MailNotSetUp => "メールファイルで提出してください。",
            Self::MailServerUnreachable => {
                "まだ提出されていません。しばらくしてから、もう一度送信するか、メールファイルで提出してください。"
            }
            Self::MailServerRefused => {
                "まだ提出されていません。メールファイルで提出してください。続くときは、システムの担当者にメールサーバーの設定を確認してもらってください。"
            }
            _ => "",
        }
    }

    /// The HTTP status it is answered with.
    pub const fn status(self) -> u16 {
        match self {
            Self::UnreadableRequest => 400,
            Self::InvalidInput => 422,
            Self::NotLoggedIn
            | Self::LogInRefused
            | Self::PasskeyRefused
            | Self::SessionIdle
            | Self::SessionExpired
            | Self::TakenOver
            | Self::LoggedOutEverywhere
            | Self::AccountChanged => 401,
            Self::NotAllowed
            | Self::ForeignOrigin
            | Self::PasswordRefused
            | Self::PasswordChangeRequired
            | Self::NotAReaderScreen
            | Self::PairingRefused
            | Self::PasscodeWrong
            | Self::NoPasscode
            | Self::PasscodeEnded
            | Self::PasscodeVoid
            | Self::PasskeyRequired
            | Self::FunctionNotOpen => 403,
            Self::NoSuchAddress
            | Self::NoSuchAccount
            | Self::NoSuchReaderScreen
            | Self::NoSuchPasskey
            | Self::NoSuchOpening
            | Self::NoSuchInstitution => 404,
            Self::InUseElsewhere
            | Self::OwnAccount
            | Self::LastAdministrator
            | Self::ReaderBusy
            | Self::ReaderOffline
            | Self::OutOfTurn
            | Self::AnotherCardLinked
            | Self::BegunElsewhere
            | Self::TooManyPasskeys
            | Self::LastPasskey
            | Self::OwnPasskeyFirst
            | Self::OpeningUnderWay
            | Self::OpeningOutOfStep
            | Self::NoRegisteredContact
            | Self::ReportChanged
            | Self::ClaimGuidanceChanged
            | Self::ReportBeingSent
            | Self::MailNotSetUp => 409,
            Self::Locked => 423,
            Self::TooManyAttempts | Self::PasscodeDelayed | Self::TooManyRequests => 429,
            Self::MethodNotAllowed => 405,
            Self::CandidateExpired
            | Self::VisualConfirmationOver
            | Self::NoSuchCard
            | Self::PasskeyChallengeOver => 410,
            Self::TooLarge => 413,
            Self::Unavailable | Self::PasskeysNotSetUp | Self::NoReportAddress => 503,
            Self::MailServerUnreachable | Self::MailServerRefused | Self::ReportUncertain => 502,
            Self::Internal => 500,
        }
    }

    /// Whether this says that there is no session any more, or never was.
    pub const fn means_logged_out(self) -> bool {
        self.is_end_of_session() || matches!(self, Self::NotLoggedIn)
    }

    /// Whether this says why a session has ended.
    pub const fn is_end_of_session(self) -> bool {
        matches!(
            self,
            Self::SessionIdle
                | Self::SessionExpired
                | Self::TakenOver
                | Self::LoggedOutEverywhere
                | Self::AccountChanged
        )
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
