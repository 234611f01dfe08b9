//! What is said of each way to a reader.

use crate::reader::{Card, Picked, Status, Way};

/// How a way stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is gone, and there is a reader.
    InUse,
    /// It is gone, and there is no reader yet.
    Chosen,
    /// It can be gone.
    Usable,
    /// This browser does not have it, or not for this page.
    Unsupported,
}

impl Standing {
    pub(super) fn of(way: Way, current: Way, status: &Status, is_supported: bool) -> Self {
        match (is_supported, way == current, status) {
            (false, ..) => Self::Unsupported,
            (true, true, Status::Ready { .. }) => Self::InUse,
            (true, true, _) => Self::Chosen,
            (true, false, _) => Self::Usable,
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::InUse => "使用中",
            Self::Chosen => "選択中",
            Self::Usable => "使えます",
            Self::Unsupported => "このブラウザーでは使えません",
        }
    }

    /// Its name in the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::InUse => "choose__standing choose__standing--good",
            Self::Chosen => "choose__standing choose__standing--key",
            Self::Usable => "choose__standing",
            Self::Unsupported => "choose__standing choose__standing--look",
        }
    }
}

/// What a way is called.
pub(super) const fn name(way: Way) -> &'static str {
    match way {
        Way::Bridge => "この端末のブリッジ",
        Way::Usb => "USB",
        Way::Hid => "HID",
    }
}

/// The same, where cards are simulated at its end.
pub(super) const fn name_now(way: Way, status: &Status) -> &'static str {
    match status {
        Status::Ready {
            is_simulated: true, ..
        } => "模擬",
        _ => name(way),
    }
}

/// How a reader is that can be used; `None` for one that can't.
pub(super) const fn ready(status: &Status) -> Option<&'static str> {
    match status {
        Status::Ready { card, .. } => Some(match card {
            Card::Absent => "使えます。カードは置かれていません。",
            Card::Present(_) => "使えます。カードが置かれています。",
            Card::Mute => "使えます。置かれているものは、カードとして読めません。",
            Card::Elsewhere => {
                "つながっていますが、置かれているカードを別のソフトウェアが使っています。"
            }
        }),
        _ => None,
    }
}

/// What to do after the browser's dialog.
pub(super) const fn after(picked: Picked) -> &'static str {
    match picked {
        Picked::Chosen => {
            "選びました。上の「いまのカードリーダー」を確かめて、「閉じる」を押してください。"
        }
        Picked::Nothing => {
            "何も選ばれませんでした。ケーブルを確かめて、もう一度押してください。一覧に出ない機器は、ブリッジで使います。一覧そのものが出ないときは、設定で禁止されているので、システムの担当者に頼んでください。"
        }
        Picked::Forbidden => {
            "ブラウザーの設定で禁止されています。システムの担当者に、この画面での利用の許可を頼むか、ブリッジを使ってください。"
        }
        Picked::Unsupported => UNSUPPORTED,
    }
}

/// What to do where the browser does not have a way.
pub(super) const UNSUPPORTED: &str =
    "ChromeかEdgeで、httpsのアドレスから開くと使えます。このままなら、ブリッジを使ってください。";

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const READY: Status = Status::Ready {
        card: Card::Absent,
        is_simulated: false,
    };

    #[wasm_bindgen_test]
    fn a_way_stands_as_the_browser_and_the_reader_have_it() {
        let table = [
            (Way::Bridge, Way::Bridge, READY, true, Standing::InUse),
            (
                Way::Bridge,
                Way::Bridge,
                Status::NotRunning,
                true,
                Standing::Chosen,
            ),
            (Way::Bridge, Way::Usb, READY, true, Standing::Usable),
            (Way::Usb, Way::Usb, READY, true, Standing::InUse),
            (Way::Usb, Way::Usb, Status::Absent, true, Standing::Chosen),
            (Way::Usb, Way::Hid, READY, true, Standing::Usable),
            (Way::Hid, Way::Hid, READY, true, Standing::InUse),
            (Way::Hid, Way::Bridge, READY, false, Standing::Unsupported),
            // Chosen in another browser's time.
            (
                Way::Usb,
                Way::Usb,
                Status::Connecting,
                false,
                Standing::Unsupported,
            ),
        ];
        for (way, current, status, is_supported, expected) in table {
            assert_eq!(
                Standing::of(way, current, &status, is_supported),
                expected,
                "{way:?} {current:?} {status:?}"
            );
        }
    }

    #[wasm_bindgen_test]
    fn the_reader_in_use_is_called_by_its_way_unless_it_is_simulated() {
        let simulated = Status::Ready {
            card: Card::Absent,
            is_simulated: true,
        };
        let table = [
            (Way::Bridge, READY, "この端末のブリッジ"),
            (Way::Bridge, simulated, "模擬"),
            (Way::Bridge, Status::NotRunning, "この端末のブリッジ"),
            (Way::Usb, READY, "USB"),
            (Way::Hid, Status::Absent, "HID"),
        ];
        for (way, status, expected) in table {
            assert_eq!(name_now(way, &status), expected, "{way:?} {status:?}");
            let is_ready = matches!(status, Status::Ready { .. });
            assert_eq!(ready(&status).is_some(), is_ready);
        }
    }
}
