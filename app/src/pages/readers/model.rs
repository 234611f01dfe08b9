//! What is said of a reader's screen, as plain functions of its state.

use protocol::http::{
    Began, CardReaderState, ReaderState, Stage, TerminalState, VisualConfirmationId,
};

/// What is in a reader's box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Panel {
    /// 「目視確認」 may be begun.
    Normal,
    /// One that was begun in this session.
    Own(VisualConfirmationId),
    /// One that others have begun.
    Others(VisualConfirmationId),
}

pub(super) fn panel(reader: &ReaderState) -> Panel {
    match &reader.visual_confirmation {
        None => Panel::Normal,
        Some(one) if one.began == Began::Here => Panel::Own(one.id.clone()),
        Some(one) => Panel::Others(one.id.clone()),
    }
}

/// The card reader, in words.
pub(super) const fn card_reader(state: CardReaderState) -> &'static str {
    match state {
        CardReaderState::Unknown => "状態不明",
        CardReaderState::Absent => "接続されていません",
        CardReaderState::Ready => "カードなし",
        CardReaderState::CardPresent => "カードあり",
    }
}

/// What is amiss with a reader, and what to do about it.
pub(super) const fn trouble(reader: &ReaderState) -> Option<&'static str> {
    if !reader.is_online {
        return Some(
            "読取画面がサーバーにつながっていません。読取画面の電源とネットワーク、画面が開いていることを確認してください。",
        );
    }
    match reader.card_reader {
        CardReaderState::Unknown => Some(
            "カードリーダーの状態がわかりません。読取画面の端末で、カードリーダーのプログラムが動いていることを確認してください。",
        ),
        CardReaderState::Absent => Some(
            "カードリーダーが見つかりません。読取画面の端末に、カードリーダーをつないでください。",
        ),
        CardReaderState::Ready | CardReaderState::CardPresent => None,
    }
}

/// What a visual confirmation waits for, for those who only look on.
pub(super) const fn stage(stage: &Stage) -> &'static str {
    match stage {
        Stage::Confirmation => "職員の目視確認を待っています",
        Stage::Card { failure: None } => "カードが置かれるのを待っています",
        Stage::Card { failure: Some(_) } => {
            "カードを受け付けられませんでした。次のカードを待っています"
        }
        Stage::Consents { .. } => "患者が同意の質問に答えています",
    }
}

/// Where it was begun.
pub(super) const fn began(began: Began) -> &'static str {
    match began {
        Began::Here => "この端末",
        Began::AtTerminal => "ほかの端末",
        Began::AtReaderScreen => "読取画面（目視確認用パスコード）",
    }
}

/// The result that is opened without being asked for: this session's own, unless staff
/// are in the middle of another visual confirmation, which must not go from under them.
pub(super) fn opens_by_itself(state: &TerminalState) -> Option<VisualConfirmationId> {
    let mut results = state.results.iter();
    let result = results.find(|result| result.is_own && !result.is_opened)?;
    let is_busy_elsewhere = state
        .readers
        .iter()
        .any(|reader| reader.name != result.reader_name && matches!(panel(reader), Panel::Own(_)));
    (!is_busy_elsewhere).then(|| result.id.clone())
}

/// Those that were begun here, and how long each lasts if nobody does anything, in seconds.
pub(super) fn own(state: &TerminalState) -> Vec<(VisualConfirmationId, u32)> {
    let all = state.readers.iter();
    let all = all.filter_map(|reader| reader.visual_confirmation.as_ref());
    all.filter(|one| one.began == Began::Here)
        .map(|one| (one.id.clone(), one.expires_in_seconds))
        .collect()
}

/// An end is told some time after it came.
const SLACK_SECONDS: u32 = 3;

/// Whether one that had so many seconds left is over because they are.
pub(super) fn ended_by_its_time(
    state: &TerminalState,
    id: &VisualConfirmationId,
    seconds_left: u32,
) -> bool {
    let mut readers = state.readers.iter();
    let mut results = state.results.iter();
    let is_open = readers.any(|reader| {
        let one = reader.visual_confirmation.as_ref();
        one.is_some_and(|one| one.id == *id)
    });
    !is_open && !results.any(|result| result.id == *id) && seconds_left <= SLACK_SECONDS
}

/// How long it lasts if nobody does anything.
pub(super) fn rest(seconds: u32) -> String {
    let (number, unit) = if seconds > 60 {
        (seconds.div_ceil(60), "分")
    } else {
        (seconds, "秒")
    };
    [
        "何も操作しないと、あと",
        &number.to_string(),
        unit,
        "で通常モードに戻ります。",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use domain::timestamp::Timestamp;
    use protocol::http::{OpeningState, VisualConfirmationState, WaitingResult};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const IDS: [&str; 2] = ["AAAAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBBBB"];

    fn reader(name: &str, began: Option<Began>) -> ReaderState {
        ReaderState {
            id: IDS[0].parse().unwrap(),
            name: name.to_owned(),
            is_online: true,
            last_seen_at: None,
            card_reader: CardReaderState::Ready,
            visual_confirmation: began.map(|began| VisualConfirmationState {
                id: IDS[0].parse().unwrap(),
                began,
                stage: Stage::Confirmation,
                is_followed: false,
                expires_in_seconds: 180,
            }),
        }
    }

    fn result(is_own: bool, is_opened: bool) -> WaitingResult {
        WaitingResult {
            id: IDS[1].parse().unwrap(),
            reader_name: "受付1".to_owned(),
            at: Timestamp::from_unix_milliseconds(0),
            is_own,
            is_opened,
        }
    }

    #[wasm_bindgen_test]
    fn only_ones_own_new_result_opens_by_itself() {
        let table = [
            (true, false, vec![reader("受付1", None)], true),
            // 「続けて目視確認」 has begun the next one at the same reader.
            (true, false, vec![reader("受付1", Some(Began::Here))], true),
            (true, false, vec![reader("受付2", Some(Began::Here))], false),
            (
                true,
                false,
                vec![reader("受付2", Some(Began::AtTerminal))],
                true,
            ),
            (true, true, vec![reader("受付1", None)], false),
            (false, false, vec![reader("受付1", None)], false),
        ];
        for (is_own, is_opened, readers, expected) in table {
            let state = TerminalState {
                revision: 1,
                readers,
                results: vec![result(is_own, is_opened)],
                unlinked_cards: Vec::new(),
                passcode_is_void: false,
                opening: OpeningState::default(),
            };
            assert_eq!(opens_by_itself(&state).is_some(), expected, "{state:?}");
        }
    }

    #[wasm_bindgen_test]
    fn one_that_nobody_goes_on_with_ends_with_its_reason() {
        let done = WaitingResult {
            id: IDS[0].parse().unwrap(),
            ..result(true, false)
        };
        let table = [
            (None, vec![], 0, true),
            (None, vec![], 3, true),
            (None, vec![], 4, false),
            (None, vec![done], 0, false),
            (None, vec![result(true, false)], 0, true),
            (Some(Began::Here), vec![], 0, false),
        ];
        for (began, results, left, expected) in table {
            let state = TerminalState {
                revision: 1,
                readers: vec![reader("受付1", began)],
                results,
                unlinked_cards: Vec::new(),
                passcode_is_void: false,
                opening: OpeningState::default(),
            };
            let id = IDS[0].parse().unwrap();
            assert_eq!(
                ended_by_its_time(&state, &id, left),
                expected,
                "{state:?} {left}"
            );
            let own = own(&state);
            assert_eq!(own.first().map(|one| one.1), began.map(|_| 180));
            if began.is_none() {
                assert_eq!(panel(&state.readers[0]), Panel::Normal);
            }
        }
    }

    #[wasm_bindgen_test]
    fn what_was_begun_elsewhere_is_not_confirmed_here() {
        let table = [
            (None, Panel::Normal),
            (Some(Began::Here), Panel::Own(IDS[0].parse().unwrap())),
            (
                Some(Began::AtTerminal),
                Panel::Others(IDS[0].parse().unwrap()),
            ),
            (
                Some(Began::AtReaderScreen),
                Panel::Others(IDS[0].parse().unwrap()),
            ),
        ];
        for (began, expected) in table {
            assert_eq!(panel(&reader("受付1", began)), expected);
        }
    }

    #[wasm_bindgen_test]
    fn the_rest_is_told_in_minutes_until_the_last_one() {
        let table = [
            (180, "あと3分"),
            (121, "あと3分"),
            (61, "あと2分"),
            (60, "あと60秒"),
            (1, "あと1秒"),
        ];
        for (seconds, expected) in table {
            assert!(rest(seconds).contains(expected), "{seconds}");
        }
    }
}
