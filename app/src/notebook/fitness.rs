//! What this terminal can keep: found out before anything is typed.

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::key::{Keeper, can_encrypt};
use super::storing::{self, StoringError, Terminal};
use crate::clock;

/// Less room than this is told, in bytes: some thousand notes.
const LITTLE_ROOM: f64 = 8.0 * 1024.0 * 1024.0;

/// A terminal's clock may go so much behind the service's before it is told, in milliseconds.
const CLOCK_SLACK: i64 = 10 * 60 * 1000;

/// What can be done here.
#[derive(Clone)]
pub(crate) enum Fitness {
    /// Notes are kept.
    Fit {
        keeper: Keeper,
        terminal: Terminal,
        cautions: Vec<Caution>,
    },
    /// Nothing can be kept.
    Unfit(Reason),
}

/// Why nothing can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The browser stores nothing in this window.
    NoStorage,
    /// There is no room.
    Full,
    /// The browser can't encrypt here.
    NoCryptography,
    /// Nobody ever logged in on this terminal, so there is no key to seal with.
    NoKey,
}

/// What may happen to what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caution {
    /// The browser did not promise to keep it.
    MayBeEvicted,
    /// There is little room.
    LittleRoom,
    /// The terminal's clock is behind the service's of earlier.
    ClockBehind,
}

impl Reason {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::NoStorage => {
                "このブラウザーの設定、またはこのウィンドウ（プライベートモードなど）では、端末にデータを残せません。通常のウィンドウで開き直すか、別の端末を使ってください。"
            }
            Self::Full => {
                "端末の空き容量が足りません。不要なファイルを消してから再読み込みするか、別の端末を使ってください。"
            }
            Self::NoCryptography => {
                "暗号化の機能が使えないため、患者の情報を安全に残せません。https:// で始まるアドレスで開き直すか、別の端末を使ってください。"
            }
            Self::NoKey => {
                "この端末では、まだ一度もログインしていないため、暗号化の鍵がありません。ログインできるようになってから使うか、ログインしたことのある端末を使ってください。"
            }
        }
    }
}

impl Caution {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::MayBeEvicted => {
                "このブラウザーは、控えを残し続けることを約束していません。空き容量が足りなくなったときや、プライベートモードのウィンドウを閉じたとき、閲覧データを消したときに、控えも消えることがあります。"
            }
            Self::LittleRoom => "端末の空き容量が少なくなっています。",
            Self::ClockBehind => {
                "この端末の時計が遅れているようです。資格確認日を、紙やカレンダーで確かめて入力してください。"
            }
        }
    }
}

/// Tries what will be needed.
pub(crate) async fn find_out() -> Fitness {
    if !can_encrypt() {
        return Fitness::Unfit(Reason::NoCryptography);
    }
    match storing::rehearse().await {
        Ok(()) => {}
        Err(StoringError::Full) => return Fitness::Unfit(Reason::Full),
        Err(StoringError::Failed) => return Fitness::Unfit(Reason::NoStorage),
    }
    let Ok(Some(terminal)) = storing::terminal().await else {
        return Fitness::Unfit(Reason::NoKey);
    };
    let Some(keeper) = Keeper::of(&terminal.public_key).await else {
        return Fitness::Unfit(Reason::NoCryptography);
    };
    let may_be_evicted = !is_persisted().await.unwrap_or(false);
    let has_little_room = room().await.is_ok_and(|room| room < LITTLE_ROOM);
    let cautions = [
        (may_be_evicted, Caution::MayBeEvicted),
        (has_little_room, Caution::LittleRoom),
        (
            is_behind(clock::milliseconds(), terminal.contact_at),
            Caution::ClockBehind,
        ),
    ];
    let cautions = cautions.into_iter().filter(|(is_so, _)| *is_so);
    Fitness::Fit {
        keeper,
        terminal,
        cautions: cautions.map(|(_, caution)| caution).collect(),
    }
}

const fn is_behind(now: i64, contact_at: i64) -> bool {
    now < contact_at - CLOCK_SLACK
}

/// Whether the browser promises to keep what is stored; it is asked for that.
async fn is_persisted() -> Result<bool, JsValue> {
    let storage = window().navigator().storage();
    let persisted = JsFuture::from(storage.persisted()?).await?;
    if persisted.is_truthy() {
        return Ok(true);
    }
    Ok(JsFuture::from(storage.persist()?).await?.is_truthy())
}

/// How many bytes the browser would still take.
async fn room() -> Result<f64, JsValue> {
    let estimate = JsFuture::from(window().navigator().storage().estimate()?).await?;
    let number = |name: &str| {
        let number = Reflect::get(&estimate, &name.into())?.as_f64();
        number.ok_or(JsValue::NULL)
    };
    Ok(number("quota")? - number("usage")?)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::is_behind;

    #[wasm_bindgen_test]
    fn a_clock_before_the_last_contact_is_behind() {
        const MINUTE: i64 = 60_000;
        let contact = 1_795_316_400_000;
        for (now, expected) in [
            (0, true),
            (contact - 11 * MINUTE, true),
            (contact - 9 * MINUTE, false),
            (contact, false),
            (contact + 1_000_000 * MINUTE, false),
        ] {
            assert_eq!(is_behind(now, contact), expected, "{now}");
        }
    }
}
