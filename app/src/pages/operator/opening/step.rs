//! The steps that an operator takes, and which of them are possible.

use domain::opening::Refusal;
use domain::timestamp::Timestamp;
use protocol::http::{OpeningStage, OpeningSummary, OperatorOpening};

/// What an operator does, before it is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    CallBack,
    SendForm,
    Open,
    Extend,
    End,
    Acknowledge,
    Refuse,
    Withdraw,
}

impl Step {
    /// Those that lead on, in their order.
    pub(super) const IN_ORDER: [Self; 6] = [
        Self::CallBack,
        Self::SendForm,
        Self::Open,
        Self::Extend,
        Self::End,
        Self::Acknowledge,
    ];
    /// Those that stop a request.
    pub(super) const ASIDE: [Self; 2] = [Self::Refuse, Self::Withdraw];

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::CallBack => "電話確認を記録",
            Self::SendForm => "利用報告書を送付",
            Self::Open => "開放する",
            Self::Extend => "延長する",
            Self::End => "終了する",
            Self::Acknowledge => "受領する",
            Self::Refuse => "却下する",
            Self::Withdraw => "取り下げる",
        }
    }

    /// What is said once it was taken.
    pub(super) const fn done(self) -> &'static str {
        match self {
            Self::CallBack => "電話確認を記録しました",
            Self::SendForm => "利用報告書を送付しました",
            Self::Open => "開放しました",
            Self::Extend => "延長しました",
            Self::End => "終了しました",
            Self::Acknowledge => "利用報告書を受領しました",
            Self::Refuse => "却下しました",
            Self::Withdraw => "取り下げました",
        }
    }

    /// What it is for.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::CallBack => "届出の番号に電話し、相手の名前を記録します。",
            Self::SendForm => "登録されたメールアドレスに報告書の様式を送ったことを記録します。",
            Self::Open => "時間を決めて、緊急時医療情報・資格確認機能を開放します。",
            Self::Extend => "開放の終わりを後にずらします。",
            Self::End => "開放を時間より前に終えます。",
            Self::Acknowledge => "提出された利用報告書を確かめて受領します。",
            Self::Refuse => "開放しないことを、理由とともに伝えます。",
            Self::Withdraw => "電話で取下げの申し出を受けたときに使います。",
        }
    }

    /// Why it can't be taken at a stage, as the domain has it (`domain::opening`).
    pub(super) const fn refusal(self, stage: OpeningStage) -> Option<Refusal> {
        use OpeningStage::{
            Acknowledged, CalledBack, FormSent, HandedIn, Opened, Refused, Requested, Withdrawn,
        };
        match (self, stage) {
            (Self::CallBack, Requested)
            | (Self::SendForm, CalledBack)
            | (Self::Open, FormSent)
            | (Self::Extend | Self::End, Opened)
            | (Self::Refuse | Self::Withdraw, Requested | CalledBack | FormSent)
            | (Self::Acknowledge, HandedIn) => None,
            (Self::SendForm | Self::Open, Requested) => Some(Refusal::NotCalledBack),
            (Self::Open, CalledBack) => Some(Refusal::FormNotSent),
            (Self::CallBack, CalledBack | FormSent)
            | (Self::SendForm, FormSent)
            | (Self::Acknowledge, Acknowledged) => Some(Refusal::AlreadyDone),
            (Self::Extend | Self::End, Requested | CalledBack | FormSent) => {
                Some(Refusal::NotOpened)
            }
            (
                Self::CallBack | Self::SendForm | Self::Open | Self::Refuse | Self::Withdraw,
                Opened,
            ) => Some(Refusal::AlreadyOpened),
            (Self::Acknowledge, Refused | Withdrawn) => Some(Refusal::Over),
            (Self::Acknowledge, _) => Some(Refusal::NotHandedIn),
            _ => Some(Refusal::Over),
        }
    }

    /// When it was taken, if it was.
    pub(super) fn taken_at(self, opening: &OpeningSummary) -> Option<Timestamp> {
        let has_ended = matches!(
            opening.stage,
            OpeningStage::Ended | OpeningStage::HandedIn | OpeningStage::Acknowledged
        );
        match self {
            Self::CallBack => opening.called_back_at,
            Self::SendForm => opening.form_sent.as_ref().map(|sent| sent.at),
            Self::Open => opening.period.map(|period| period.starts_at),
            Self::End => opening
                .period
                .filter(|_| has_ended)
                .map(|period| period.ends_at),
            Self::Acknowledge => opening.acknowledged_at,
            Self::Extend | Self::Refuse | Self::Withdraw => None,
        }
    }

    /// What stands in its way, in words for the desk.
    pub(super) fn hindrance(self, known: &OperatorOpening) -> Option<String> {
        if let Some(refusal) = self.refusal(known.opening.stage) {
            return Some(refusal.to_string());
        }
        let is_missing = match self {
            Self::CallBack => known.institution.telephone.is_none(),
            Self::SendForm => known.institution.email.is_none(),
            _ => false,
        };
        is_missing.then(|| {
            let what = match self {
                Self::CallBack => "電話番号",
                _ => "メールアドレス",
            };
            [
                what,
                "が届け出られていません。先に「医療機関の登録簿」で登録してください",
            ]
            .concat()
        })
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn only_the_next_steps_are_possible() {
        use OpeningStage as S;
        use Step::{Acknowledge, CallBack, End, Extend, Open, Refuse, SendForm, Withdraw};
        let table: [(S, &[Step]); 9] = [
            (S::Requested, &[CallBack, Refuse, Withdraw]),
            (S::CalledBack, &[SendForm, Refuse, Withdraw]),
            (S::FormSent, &[Open, Refuse, Withdraw]),
            (S::Opened, &[Extend, End]),
            (S::Ended, &[]),
            (S::HandedIn, &[Acknowledge]),
            (S::Acknowledged, &[]),
            (S::Refused, &[]),
            (S::Withdrawn, &[]),
        ];
        for (stage, expected) in table {
            let all = Step::IN_ORDER.into_iter().chain(Step::ASIDE);
            let possible: Vec<_> = all.filter(|step| step.refusal(stage).is_none()).collect();
            assert_eq!(possible, expected, "{stage:?}");
        }
        assert_eq!(Open.refusal(S::Requested), Some(Refusal::NotCalledBack));
        assert_eq!(Open.refusal(S::CalledBack), Some(Refusal::FormNotSent));
        assert_eq!(Acknowledge.refusal(S::Ended), Some(Refusal::NotHandedIn));
    }
}
