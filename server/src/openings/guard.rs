//! Whether the emergency function may be used, and if not, why and what to do.

use domain::opening::{EndedBy, Opened, Opening};
use domain::timestamp::Timestamp;

use crate::error::ApiError;
use crate::store::Reader;

const ASK: &str =
    "利用するときは、管理者が「緊急時医療情報・資格確認機能」から利用申請をしてください。";
const ASK_AGAIN: &str = "続けて利用するときは、管理者が「緊急時医療情報・資格確認機能」から、あらためて利用申請をしてください。";

/// Refuses unless the function is open for an institution at this moment.
pub(crate) fn must_be_open(
    reader: &Reader<'_>,
    institution_id: i64,
    now: Timestamp,
) -> Result<(), ApiError> {
    if reader.is_open(institution_id, now)? {
        return Ok(());
    }
    let last = reader.last_opening(institution_id)?;
    match last.map(|row| row.opening.at(now)) {
        Some(Opening::Opened(_)) => Ok(()),
        standing => Err(ApiError::FunctionNotOpen(why(standing.as_ref()))),
    }
}

/// Where it stands, and what to do.
fn why(standing: Option<&Opening>) -> String {
    let Some(standing) = standing else {
        return ASK.to_owned();
    };
    match standing {
        Opening::Requested(_) => {
            "利用申請を受け付けました。実施機関からの電話確認をお待ちください。".to_owned()
        }
        Opening::CalledBack(_) => {
            "電話確認が済みました。利用報告書の送付と開放をお待ちください。".to_owned()
        }
        Opening::FormSent(_) => {
            "利用報告書を送付しました。実施機関が開放するまでお待ちください。".to_owned()
        }
        Opening::Refused(it) => {
            format!(
                "利用申請は却下されました（理由：{}）。{ASK_AGAIN}",
                it.reason
            )
        }
        Opening::Withdrawn(_) => format!("利用申請は取り下げられました。{ASK_AGAIN}"),
        Opening::Opened(it) => ended(it, None),
        Opening::Ended(it) => ended(&it.opened, Some(&it.by)),
        Opening::HandedIn(it) => ended(&it.ended.opened, Some(&it.ended.by)),
        Opening::Acknowledged(it) => {
            let ended_as = &it.handed_in.ended;
            ended(&ended_as.opened, Some(&ended_as.by))
        }
    }
}

fn ended(opened: &Opened, by: Option<&EndedBy>) -> String {
    let at = opened.period.ends_at.tokyo_text();
    match by {
        Some(EndedBy::Operator { reason, .. }) => {
            format!("{at}に実施機関が開放を終了しました（理由：{reason}）。{ASK_AGAIN}")
        }
        _ => format!("開放期間は{at}に終了しました。{ASK_AGAIN}"),
    }
}
