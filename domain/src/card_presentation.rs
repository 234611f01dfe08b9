//! カード提示: what came of a card that was placed on a reader, in the words of the
//! desk. Reading a certificate that anybody may read presents a card and
//! authenticates nobody (design decision 3).

use serde::{Deserialize, Serialize};

use crate::date::Date;

/// Why a card brought no result. The numbers are those of the readers in use
/// (`facts/domain.md` §1.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CardFailure {
    /// 001: the card could not be read.
    Unreadable,
    /// 002: something else than a My Number Card.
    NotAMyNumberCard,
    /// 002: a 住民基本台帳カード.
    JukiCard,
    /// 002: a smartphone.
    Phone,
    /// No certificate for user authentication is on the card.
    NoCertificate,
    /// 006: the certificate's time is over.
    Expired,
    /// 006: the certificate was revoked.
    Revoked,
    /// The certificate is not valid yet: the clock of the service or the card is wrong.
    NotYetValid,
    /// No configured authority has issued the certificate, or it was changed.
    Untrusted,
    /// A certificate for signing, or for something else.
    WrongClass,
    /// Nobody is linked with the certificate.
    NotLinked,
    /// Several persons are linked with the certificate.
    SeveralPersons,
}

impl CardFailure {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Unreadable,
        Self::NotAMyNumberCard,
        Self::JukiCard,
        Self::Phone,
        Self::NoCertificate,
        Self::Expired,
        Self::Revoked,
        Self::NotYetValid,
        Self::Untrusted,
        Self::WrongClass,
        Self::NotLinked,
        Self::SeveralPersons,
    ];

    /// Its name in the audit trail.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NotAMyNumberCard => "not_a_my_number_card",
            Self::JukiCard => "juki_card",
            Self::Phone => "phone",
            Self::NoCertificate => "no_certificate",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::NotYetValid => "not_yet_valid",
            Self::Untrusted => "untrusted",
            Self::WrongClass => "wrong_class",
            Self::NotLinked => "not_linked",
            Self::SeveralPersons => "several_persons",
        }
    }

    /// The number that readers show, where they have one.
    pub const fn number(self) -> Option<&'static str> {
        match self {
            Self::Unreadable => Some("001"),
            Self::NotAMyNumberCard | Self::JukiCard | Self::Phone => Some("002"),
            Self::Expired | Self::Revoked => Some("006"),
            _ => None,
        }
    }

    /// What happened, for staff.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Unreadable => "マイナンバーカードを読み取れませんでした",
            Self::NotAMyNumberCard => "マイナンバーカードではありません",
            Self::JukiCard => "住民基本台帳カードは利用できません",
            Self::Phone => "スマートフォンは利用できません",
            Self::NoCertificate => "利用者証明用電子証明書が入っていません",
            Self::Expired => "利用者証明用電子証明書の有効期限が切れています",
            Self::Revoked => "利用者証明用電子証明書が失効しています",
            Self::NotYetValid => "利用者証明用電子証明書がまだ有効になっていません",
            Self::Untrusted => "電子証明書の発行元を確認できませんでした",
            Self::WrongClass => "利用者証明用ではない電子証明書です",
            Self::NotLinked => "このカードに対応する資格情報が見つかりません",
            Self::SeveralPersons => "このカードに複数の方の資格情報が登録されています",
        }
    }

    /// What staff do next.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Unreadable => {
                "カードの置き方を確かめて、もう一度置いてもらってください。続くときはカードをはずし、数秒待ってから置き直してください。"
            }
            Self::NotAMyNumberCard | Self::JukiCard => {
                "マイナンバーカードを置いてもらってください。お持ちでないときは、資格確認書などで確認してください。"
            }
            Self::Phone => {
                "カードそのものを置いてもらってください。お持ちでないときは、マイナポータルの資格情報の画面や資格確認書などで確認してください。"
            }
            Self::NoCertificate | Self::Expired | Self::Revoked => {
                "住所地の市区町村の窓口で更新の手続きが必要なことを案内してください。今日の資格は、資格確認書などで確認するか、資格情報照会（システム障害時）で確認してください。"
            }
            Self::NotYetValid => {
                "この端末とサーバーの時刻が合っているか、システムの担当者に確認してください。今日の資格は、資格確認書などで確認してください。"
            }
            Self::Untrusted | Self::WrongClass => {
                "このカードは受け付けられません。ご本人の確認をやり直し、資格確認書などで確認してください。"
            }
            Self::NotLinked => {
                "資格確認書などで確認してください。管理者は、資格情報を検索してから、このカードを結び付けられます。"
            }
            Self::SeveralPersons => {
                "どなたの資格か決められないため、表示しません。資格確認書などで確認し、サポートに連絡してください。"
            }
        }
    }

    /// Whether the emergency search may help the same patient.
    pub const fn offers_search(self) -> bool {
        matches!(
            self,
            Self::NoCertificate | Self::Expired | Self::Revoked | Self::NotLinked
        )
    }
}

/// What staff should tell the patient about a card that was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CardNotice {
    /// The certificate's last day is within three months.
    ExpiresSoon(Date),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_says_what_happened_and_what_to_do() {
        for failure in CardFailure::ALL {
            assert!(!failure.title().is_empty());
            assert!(failure.remedy().ends_with('。'), "{failure:?}");
            let wire = serde_json::to_string(&failure).unwrap();
            assert_eq!(wire, format!("\"{}\"", failure.code()));
        }
    }
}
