//! The bridge's failures, as what they mean for the desk.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::card_presentation::CardFailure;
use protocol::bridge::{ErrorCode, Failure, PresentedCard};

use crate::reader::status::ReadFailure;

/// The certificate as the service takes it.
pub(super) fn certificate(card: &PresentedCard) -> Result<String, ReadFailure> {
    URL_SAFE_NO_PAD
        .decode(&card.certificate.0)
        .map(|der| STANDARD.encode(der))
        .map_err(|_| ReadFailure::Card(CardFailure::Unreadable))
}

/// What a reading's failure means.
pub(super) const fn of_failure(failure: &Failure) -> ReadFailure {
    match failure.code {
        ErrorCode::CardRemoved | ErrorCode::StaleCard => ReadFailure::Taken,
        ErrorCode::CardMute
        | ErrorCode::CardReset
        | ErrorCode::CardRefused
        | ErrorCode::CardUnreadable
        | ErrorCode::CardInUseElsewhere
        | ErrorCode::TimedOut => ReadFailure::Card(CardFailure::Unreadable),
        ErrorCode::NotAMyNumberCard | ErrorCode::UnknownToken => {
            ReadFailure::Card(CardFailure::NotAMyNumberCard)
        }
        ErrorCode::JukiCard => ReadFailure::Card(CardFailure::JukiCard),
        ErrorCode::PhoneNotSupported => ReadFailure::Card(CardFailure::Phone),
        ErrorCode::NoCertificate => ReadFailure::Card(CardFailure::NoCertificate),
        _ => ReadFailure::Interrupted,
    }
}
