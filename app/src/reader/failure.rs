//! Why a card was not read, as what it means for the desk: the bridge's words for it, and the
//! driver's own.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use card::jpki::ReadError;
use card::reader::ReaderError;
use domain::card_presentation::CardFailure;
use protocol::bridge::{ErrorCode, Failure, PresentedCard};

use super::status::ReadFailure;

/// The certificate as the service takes it.
pub(super) fn certificate(card: &PresentedCard) -> Result<String, ReadFailure> {
    URL_SAFE_NO_PAD
        .decode(&card.certificate.0)
        .map(|der| STANDARD.encode(der))
        .map_err(|_| ReadFailure::Card(CardFailure::Unreadable))
}

/// What a reading's failure means, as the bridge tells it.
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

/// The same, where the page itself has read.
pub(super) const fn of_card(error: &ReadError) -> CardFailure {
    match error {
        ReadError::NotAMyNumberCard | ReadError::UnknownToken => CardFailure::NotAMyNumberCard,
        ReadError::JukiCard => CardFailure::JukiCard,
        ReadError::Phone(_) => CardFailure::Phone,
        ReadError::NoCertificate => CardFailure::NoCertificate,
        ReadError::Unreadable { .. } | ReadError::Malformed { .. } => CardFailure::Unreadable,
    }
}

/// What ends a reading that the reader itself could not go through with.
pub(super) const fn of_reader(error: ReaderError) -> ReadFailure {
    match error {
        ReaderError::CardGone => ReadFailure::Taken,
        // What the bridge calls a card that is mute: the reader has nothing to do with it.
        ReaderError::Card(_) => ReadFailure::Card(CardFailure::Unreadable),
        _ => ReadFailure::Interrupted,
    }
}

#[cfg(test)]
mod tests {
    use card::jpki::PhoneKind;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_card_means_the_same_by_every_way() {
        let table = [
            (ReadError::NotAMyNumberCard, ErrorCode::NotAMyNumberCard),
            (ReadError::UnknownToken, ErrorCode::UnknownToken),
            (ReadError::JukiCard, ErrorCode::JukiCard),
            (
                ReadError::Phone(PhoneKind::Android),
                ErrorCode::PhoneNotSupported,
            ),
            (ReadError::NoCertificate, ErrorCode::NoCertificate),
        ];
        for (error, code) in table {
            let failure = Failure {
                code,
                message: String::new(),
                remedy: String::new(),
                retryable: false,
                may_have_executed: true,
                status_word: None,
            };
            assert_eq!(
                ReadFailure::Card(of_card(&error)),
                of_failure(&failure),
                "{error}"
            );
        }
    }
}
