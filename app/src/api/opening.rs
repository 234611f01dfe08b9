//! What an institution asks of the service about 開放, and 利用報告書.

use protocol::http::{
    Delivery, HandIn, OpeningId, OpeningRequest, OpeningState, Reason, UsageReport,
    UsageReportDraft, path,
};

use super::{Error, decode, encode, fetch};

/// 「利用申請」.
pub(crate) async fn request(request: &OpeningRequest) -> Result<OpeningState, Error> {
    decode(&fetch::send("POST", path::OPENING, Some(encode(request)?)).await?)
}

/// 「取り下げる」.
pub(crate) async fn withdraw(reason: &Reason) -> Result<OpeningState, Error> {
    let address = [path::OPENING, "/withdrawal"].concat();
    decode(&fetch::send("POST", &address, Some(encode(reason)?)).await?)
}

/// 「利用報告書」 as it is now.
pub(crate) async fn report(id: &OpeningId) -> Result<UsageReport, Error> {
    decode(&fetch::send("GET", &of(id, ""), None).await?)
}

/// Keeps a draft.
pub(crate) async fn save_report(
    id: &OpeningId,
    draft: &UsageReportDraft,
) -> Result<UsageReport, Error> {
    decode(&fetch::send("PUT", &of(id, ""), Some(encode(draft)?)).await?)
}

/// 「利用報告書を提出」.
pub(crate) async fn hand_in(
    id: &OpeningId,
    version: u32,
    delivery: Delivery,
) -> Result<UsageReport, Error> {
    let body = encode(&HandIn { version, delivery })?;
    decode(&fetch::send("POST", &of(id, "/hand-in"), Some(body)).await?)
}

/// Where the mail is, once the report was handed in.
pub(crate) fn mail_address(id: &OpeningId) -> String {
    of(id, ".eml")
}

fn of(id: &OpeningId, what: &str) -> String {
    [path::OPENINGS, "/", id.as_str(), "/report", what].concat()
}
