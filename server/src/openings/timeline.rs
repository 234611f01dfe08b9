//! What was done, in the words of the operators' timeline.

use domain::opening::{Act, Request};
use protocol::http::RegisteredInstitution;

/// 自動終了.
pub(super) const ENDED_BY_TIME: &str = "自動終了（開放期間の満了）";

/// A step; `bulk` is why it was taken for many.
pub(super) fn of_act(act: &Act, bulk: Option<&str>) -> String {
    let because = |reason: &str| vec![format!("理由：{reason}")];
    let (what, mut details) = match act {
        Act::CallBack {
            spoken_to,
            telephone,
        } => (
            "電話確認を記録",
            vec![
                telephone.as_str().to_owned(),
                format!("応対者：{}", spoken_to.as_str()),
            ],
        ),
        Act::SendForm { to, .. } => ("利用報告書を送付", vec![format!("宛先：{}", to.as_str())]),
        Act::Open { hours } => ("開放", vec![format!("{hours}時間")]),
        Act::Extend { hours } => ("延長", vec![format!("{hours}時間")]),
        Act::End { reason } => ("終了", because(reason)),
        Act::Refuse { reason } => ("却下", because(reason)),
        Act::Withdraw { reason } => ("取下げ", because(reason)),
        Act::HandIn => ("利用報告書を提出", Vec::new()),
        Act::Acknowledge => ("利用報告書を受領", Vec::new()),
    };
    match (act, bulk) {
        (_, None) => {}
        (Act::End { .. }, Some(_)) => details.push("一括".to_owned()),
        (_, Some(reason)) => details.push(format!("一括：{reason}")),
    }
    with_details(what, &details)
}

/// 利用申請.
pub(super) fn of_request(request: &Request) -> String {
    let what = if request.is_by_telephone {
        "電話での利用申請"
    } else {
        "利用申請"
    };
    let details = [
        format!("担当者：{}", request.contact.as_str()),
        format!("原因：{}", request.cause.label()),
    ];
    with_details(what, &details)
}

fn with_details(what: &str, details: &[String]) -> String {
    if details.is_empty() {
        what.to_owned()
    } else {
        format!("{what}（{}）", details.join("、"))
    }
}

/// An institution that was written into the register, and how it stood there before.
pub(crate) fn of_registration(
    before: Option<&RegisteredInstitution>,
    now: &RegisteredInstitution,
) -> String {
    let telephone =
        |it: &RegisteredInstitution| it.telephone.as_ref().map(|it| it.as_str().to_owned());
    let email = |it: &RegisteredInstitution| it.email.as_ref().map(|it| it.as_str().to_owned());
    let items = [
        (
            "名称",
            before.map(|it| it.name.clone()),
            Some(now.name.clone()),
        ),
        ("電話番号", before.and_then(telephone), telephone(now)),
        ("メールアドレス", before.and_then(email), email(now)),
    ];
    let details: Vec<String> = items
        .into_iter()
        .filter(|(_, before, now)| before != now)
        .map(|(label, before, now)| match (before, now) {
            (Some(before), now) => format!("{label}：{before}→{}", now.unwrap_or_default()),
            (None, now) => format!("{label}：{}", now.unwrap_or_default()),
        })
        .collect();
    let what = if before.is_some() {
        "登録簿を変更"
    } else {
        "登録簿に登録"
    };
    with_details(what, &details)
}
