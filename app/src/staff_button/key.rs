//! A key as the button: of a one-key keypad or a pedal, which type one, or of the keyboard.
//!
//! Keys are told apart by `KeyboardEvent.code`, which names the place on the keyboard and so
//! stays the same whatever is typed there (W3C, UI Events `KeyboardEvent` code Values).

use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};

/// What has the keys for itself while it has the focus.
const FIELDS: &str = "input, textarea, select, [contenteditable]";

/// Why a key can't be the button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The screen is worked with it.
    OfThePage,
    /// The browser or the machine does something of its own.
    OfTheBrowser,
    /// It changes what other keys do.
    Modifier,
    /// It was pressed together with one that does.
    Modified,
    /// The browser does not know which key it is.
    Nameless,
}

impl Refusal {
    /// What to tell, after the key's name.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::OfThePage => {
                "は、この画面の操作に使うので登録できません。ほかのキーを押してください。"
            }
            Self::OfTheBrowser => {
                "は、ブラウザーや端末が使うので登録できません。ほかのキーを押してください。"
            }
            Self::Modifier => {
                "は、ほかのキーと組み合わせて使うので登録できません。ほかのキーを押してください。"
            }
            Self::Modified => {
                "は、Ctrl・Alt・Shiftなどと一緒に押されました。そのキーだけを押してください。"
            }
            Self::Nameless => {
                "は、ブラウザーが区別できないので登録できません。ほかのキーを押してください。"
            }
        }
    }
}

/// A key going down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pressed {
    pub(super) code: String,
    /// It is being held down.
    pub(super) is_repeated: bool,
    /// Ctrl, Alt, Shift or Meta is down, too.
    pub(super) is_modified: bool,
    /// It goes to a field, or to an input method.
    pub(super) is_typed: bool,
}

impl Pressed {
    pub(super) fn of(event: &KeyboardEvent) -> Self {
        let target = event.target();
        let element = target.and_then(|target| target.dyn_into::<Element>().ok());
        let in_field =
            element.is_some_and(|element| matches!(element.closest(FIELDS), Ok(Some(_))));
        Self {
            code: event.code(),
            is_repeated: event.repeat(),
            is_modified: event.ctrl_key()
                || event.alt_key()
                || event.shift_key()
                || event.meta_key(),
            is_typed: in_field || event.is_composing(),
        }
    }

    /// Whether it is the button being pressed.
    pub(super) fn is_button(&self, code: &str) -> bool {
        self.code == code && !self.is_repeated && !self.is_modified && !self.is_typed
    }

    /// Why it can't be the button, if it can't.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        refusal(&self.code).or(self.is_modified.then_some(Refusal::Modified))
    }
}

fn refusal(code: &str) -> Option<Refusal> {
    match code {
        "" | "Unidentified" => return Some(Refusal::Nameless),
        "Tab" | "Enter" | "NumpadEnter" | "Escape" | "Space" | "Backspace" | "Delete"
        | "NumpadBackspace" | "Home" | "End" | "PageUp" | "PageDown" => {
            return Some(Refusal::OfThePage);
        }
        "F1" | "F3" | "F5" | "F6" | "F7" | "F10" | "F11" | "F12" | "ContextMenu"
        | "PrintScreen" | "Pause" | "Power" | "Sleep" | "WakeUp" | "Eject" | "Insert" => {
            return Some(Refusal::OfTheBrowser);
        }
        // 半角／全角 is `Backquote` on a Japanese keyboard.
        "CapsLock" | "NumLock" | "ScrollLock" | "Fn" | "FnLock" | "Convert" | "NonConvert"
        | "KanaMode" | "Backquote" | "Lang1" | "Lang2" | "Lang3" | "Lang4" | "Lang5" => {
            return Some(Refusal::Modifier);
        }
        _ => {}
    }
    let starts = |starts: &[&str]| starts.iter().any(|start| code.starts_with(start));
    let is_digit = |digit: &str| digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit();
    if starts(&["Arrow"])
        || code.strip_prefix("Digit").is_some_and(is_digit)
        || code.strip_prefix("Numpad").is_some_and(is_digit)
    {
        Some(Refusal::OfThePage)
    } else if starts(&["Browser", "Audio", "Media", "Launch", "Brightness"]) {
        Some(Refusal::OfTheBrowser)
    } else if starts(&["Shift", "Control", "Alt", "Meta", "OS"]) {
        Some(Refusal::Modifier)
    } else {
        None
    }
}

/// What a key is called where it is shown; the code itself where it has no better name.
pub(crate) fn name(code: &str) -> String {
    let sign = match code {
        "Tab" | "Enter" | "F1" => code,
        "" | "Unidentified" => "押されたキー",
        "Space" => "スペース",
        "Escape" => "Esc",
        "ArrowUp" => "↑",
        "ArrowDown" => "↓",
        "ArrowLeft" => "←",
        "ArrowRight" => "→",
        "NumpadAdd" => "テンキーの＋",
        "NumpadSubtract" => "テンキーの－",
        "NumpadMultiply" => "テンキーの＊",
        "NumpadDivide" => "テンキーの／",
        "NumpadDecimal" => "テンキーの．",
        "NumpadEnter" => "テンキーのEnter",
        "ShiftLeft" | "ShiftRight" => "Shift",
        "ControlLeft" | "ControlRight" => "Ctrl",
        "AltLeft" | "AltRight" => "Alt",
        "Backquote" => "半角／全角",
        "Convert" => "変換",
        "NonConvert" => "無変換",
        "KanaMode" => "かな",
        _ => {
            let short = ["Key", "Digit"]
                .iter()
                .find_map(|start| code.strip_prefix(start));
            match (short, code.strip_prefix("Numpad")) {
                (Some(short), _) if short.len() == 1 => short,
                (_, Some(short)) if short.len() == 1 => return ["テンキーの", short].concat(),
                _ => code,
            }
        }
    };
    sign.to_owned()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn keys_that_are_needed_otherwise_are_refused() {
        let table = [
            ("KeyB", None),
            ("F2", None),
            ("F13", None),
            ("F24", None),
            ("NumpadAdd", None),
            ("NumpadDecimal", None),
            ("Slash", None),
            ("IntlRo", None),
            ("Tab", Some(Refusal::OfThePage)),
            ("Enter", Some(Refusal::OfThePage)),
            ("NumpadEnter", Some(Refusal::OfThePage)),
            ("Escape", Some(Refusal::OfThePage)),
            ("Space", Some(Refusal::OfThePage)),
            ("Backspace", Some(Refusal::OfThePage)),
            ("Digit0", Some(Refusal::OfThePage)),
            ("Digit9", Some(Refusal::OfThePage)),
            ("Numpad5", Some(Refusal::OfThePage)),
            ("ArrowUp", Some(Refusal::OfThePage)),
            ("PageDown", Some(Refusal::OfThePage)),
            ("F5", Some(Refusal::OfTheBrowser)),
            ("F12", Some(Refusal::OfTheBrowser)),
            ("BrowserBack", Some(Refusal::OfTheBrowser)),
            ("AudioVolumeUp", Some(Refusal::OfTheBrowser)),
            ("MediaPlayPause", Some(Refusal::OfTheBrowser)),
            ("ShiftLeft", Some(Refusal::Modifier)),
            ("MetaRight", Some(Refusal::Modifier)),
            ("Backquote", Some(Refusal::Modifier)),
            ("NonConvert", Some(Refusal::Modifier)),
            ("", Some(Refusal::Nameless)),
            ("Unidentified", Some(Refusal::Nameless)),
        ];
        for (code, expected) in table {
            assert_eq!(pressed(code).refusal(), expected, "{code}");
        }
        let modified = Pressed {
            is_modified: true,
            ..pressed("KeyB")
        };
        assert_eq!(modified.refusal(), Some(Refusal::Modified));
    }

    #[wasm_bindgen_test]
    fn only_the_key_alone_pressed_once_and_not_typed_is_the_button() {
        let it = pressed("F13");
        let table = [
            (it.clone(), true),
            (pressed("F14"), false),
            (
                Pressed {
                    is_repeated: true,
                    ..it.clone()
                },
                false,
            ),
            (
                Pressed {
                    is_modified: true,
                    ..it.clone()
                },
                false,
            ),
            (
                Pressed {
                    is_typed: true,
                    ..it
                },
                false,
            ),
        ];
        for (pressed, expected) in table {
            assert_eq!(pressed.is_button("F13"), expected, "{pressed:?}");
        }
    }

    #[wasm_bindgen_test]
    fn a_key_has_the_name_that_stands_on_it() {
        let table = [
            ("KeyB", "B"),
            ("Digit3", "3"),
            ("Numpad3", "テンキーの3"),
            ("NumpadAdd", "テンキーの＋"),
            ("F13", "F13"),
            ("Space", "スペース"),
            ("IntlYen", "IntlYen"),
            ("KeyboardLock", "KeyboardLock"),
            ("", "押されたキー"),
        ];
        for (code, expected) in table {
            assert_eq!(name(code), expected, "{code}");
        }
    }

    fn pressed(code: &str) -> Pressed {
        Pressed {
            code: code.to_owned(),
            is_repeated: false,
            is_modified: false,
            is_typed: false,
        }
    }
}
