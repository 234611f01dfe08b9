//! Why a person's eligibility is what it is.

use serde::{Deserialize, Serialize};

use crate::code::ReasonOfLoss;
use crate::date::Date;

/// Why a person's eligibility is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// One coverage is in force.
    InForce,
    /// Several are in force at once, so that none can be picked.
    Several,
    /// 医療扶助 is in force; its 医療券 are not registered here.
    MedicalAssistance,
    /// The last one was lost, and no later one is registered.
    Lost {
        /// 資格喪失年月日.
        disqualification_date: Date,
        /// 資格喪失事由.
        reason_of_loss: Option<ReasonOfLoss>,
    },
    /// One was lost, and the next begins only after the day.
    LostBeforeNext {
        /// 資格喪失年月日.
        disqualification_date: Date,
        /// The first day of the next coverage.
        next_from: Date,
    },
    /// The first one begins only after the day.
    NotYet {
        /// Its first day.
        from: Date,
    },
    /// Nothing is registered.
    NothingRegistered,
}

impl Reason {
    /// The reason in words for the desk, with what to do about it.
    pub fn text(self) -> String {
        match self {
            Self::InForce => "資格確認日に有効な資格があります。".to_owned(),
            Self::Several => "資格確認日に有効な資格が複数登録されています。どの資格を使うか患者に確認してください。"
                .to_owned(),
            Self::MedicalAssistance => "医療扶助の資格があります。医療券・調剤券はここに登録されていません。福祉事務所に確認してください。"
                .to_owned(),
            Self::Lost {
                disqualification_date,
                reason_of_loss,
            } => lost(disqualification_date, reason_of_loss),
            Self::LostBeforeNext {
                disqualification_date,
                next_from,
            } => format!(
                "{}に資格を喪失しています。新しい資格は{}からです。",
                disqualification_date.japanese(),
                next_from.japanese()
            ),
            Self::NotYet { from } => format!(
                "資格は{}からです。資格確認日にはまだ有効ではありません。",
                from.japanese()
            ),
            Self::NothingRegistered => "登録されている資格がありません。".to_owned(),
        }
    }
}

fn lost(day: Date, reason: Option<ReasonOfLoss>) -> String {
    let label = reason.map_or_else(String::new, |reason| {
        format!("（喪失事由：{}）", reason.label())
    });
    let then = match reason {
        Some(ReasonOfLoss::Death) => "本人であることを確かめてください。",
        Some(ReasonOfLoss::PublicAssistance) => {
            "医療扶助の資格はまだ登録されていません。医療券を福祉事務所に確認してください。"
        }
        Some(ReasonOfLoss::OtherInsurance) => {
            "新しい資格はまだ登録されていません。加入先の保険を患者に確認してください。"
        }
        Some(ReasonOfLoss::Other) | None => "新しい資格はまだ登録されていません。",
    };
    format!("{}に資格を喪失しています{label}。{then}", day.japanese())
}
