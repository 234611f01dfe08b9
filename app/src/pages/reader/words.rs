//! What patients read, in Japanese with furigana and in English. Staff read Japanese, and
//! what they read stands where it is shown.
//!
//! `{漢字|かんじ}` has its reading above it; a test holds that no kanji is without.

use domain::card_presentation::CardFailure;
use domain::consent::ConsentBundle;

/// The same in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) ja: &'static str,
    pub(super) en: &'static str,
}

const fn words(ja: &'static str, en: &'static str) -> Words {
    Words { ja, en }
}

pub(super) const STARTING: Words = words("{準備|じゅんび}しています", "Getting ready");
pub(super) const WAIT: Words = words("しばらくお{待|ま}ちください。", "Please wait a moment.");
pub(super) const TELL_STAFF: Words = words(
    "{職員|しょくいん}にお{声|こえ}がけください。",
    "Please tell a member of staff.",
);
pub(super) const OUT_OF_ORDER: Words = words(
    "ただいま{利用|りよう}できません",
    "Not available at the moment",
);
pub(super) const OUT_OF_DATE: Words = words(
    "{通信|つうしん}が{切|き}れています",
    "The connection is lost",
);
pub(super) const OUT_OF_DATE_TEXT: Words = words(
    "つながるまで{操作|そうさ}できません。つながると、{自動|じどう}で{元|もと}に{戻|もど}ります。",
    "Nothing can be done until it is back. The screen returns by itself.",
);
pub(super) const UNREACHABLE: Words =
    words("サーバーにつながりません", "The service can't be reached");
pub(super) const NORMAL: Words = words(
    "マイナンバーカードを{置|お}いてください",
    "Place your My Number Card",
);
pub(super) const NORMAL_TEXT: Words = words(
    "{顔|かお}の{確認|かくにん}は{職員|しょくいん}が{行|おこな}います。カードを{置|お}いて、{職員|しょくいん}にお{声|こえ}がけください。",
    "Staff check your face by eye. Place your card and tell a member of staff.",
);
pub(super) const NORMAL_CARD: Words = words(
    "{職員|しょくいん}をお{呼|よ}びください",
    "Please call a member of staff",
);
pub(super) const NORMAL_CARD_TEXT: Words = words(
    "カードが{置|お}かれました。{職員|しょくいん}がお{顔|かお}を{確認|かくにん}してから、カードを{読|よ}み{取|と}ります。カードはまだ{読|よ}み{取|と}っていません。",
    "Your card is here. Staff check your face first; the card is read after that. It has not been read yet.",
);
pub(super) const STAFF_CONFIRMS: Words = words(
    "{職員|しょくいん}が{確認|かくにん}しています",
    "Staff are checking",
);
pub(super) const STAFF_CONFIRMS_TEXT: Words = words(
    "カードの{写真|しゃしん}とお{顔|かお}を{職員|しょくいん}が{見|み}くらべます。マスクや{帽子|ぼうし}をはずして、そのままお{待|ま}ちください。",
    "A member of staff compares your face with the photo on your card. Please take off your mask and hat, and wait.",
);
pub(super) const PLACE: Words = words(
    "カードを{置|お}いてください",
    "Place your card on the reader",
);
pub(super) const PLACE_TEXT: Words = words(
    "{読|よ}み{取|と}りが{終|お}わるまで、カードを{動|うご}かさないでください。",
    "Do not move the card until it has been read.",
);
pub(super) const PLACE_AGAIN: Words = words(
    "カードが{早|はや}くはずされました。もう{一度|いちど}{置|お}いて、そのままお{待|ま}ちください。",
    "The card was taken away too soon. Place it again and leave it there.",
);
pub(super) const TAKE_THE_OTHER: Words = words(
    "{置|お}いてあるカードをとってください",
    "Take the card that is on the reader",
);
pub(super) const TAKE_THE_OTHER_TEXT: Words = words(
    "{一度|いちど}{使|つか}ったカードです。とってから、これから{確認|かくにん}するカードを{置|お}いてください。",
    "It was used before. Take it away, then place the card to be checked.",
);
pub(super) const MUTE: Words = words(
    "カードが{読|よ}めません。{裏返|うらがえ}しになっていないか、2{枚|まい}{重|かさ}なっていないか{確|たし}かめて、{置|お}き{直|なお}してください。",
    "The card can't be read. Check that it is not upside down and that there is only one, and place it again.",
);
pub(super) const ELSEWHERE: Words = words(
    "カードを{別|べつ}のソフトウェアが{使|つか}っています。{職員|しょくいん}にお{声|こえ}がけください。",
    "Another program is using the card. Please tell a member of staff.",
);
pub(super) const READING: Words = words("カードを{読|よ}んでいます", "Reading your card");
pub(super) const READING_TEXT: Words = words(
    "カードをそのままにしてください。",
    "Please leave the card where it is.",
);
pub(super) const CONSENTS: Words = words(
    "{情報|じょうほう}の{提供|ていきょう}に{同意|どうい}しますか",
    "Do you agree to share this information?",
);
pub(super) const CONSENTS_TEXT: Words = words(
    "{診察|しんさつ}などに{役立|やくだ}てるため、この{医療機関|いりょうきかん}・{薬局|やっきょく}に{見|み}せてもよいか、それぞれ{選|えら}んでください。{同意|どうい}しなくても、{診察|しんさつ}は{受|う}けられます。",
    "Choose for each whether this clinic or pharmacy may see it for your care. You will be treated whether or not you agree.",
);
pub(super) const CONSENTS_VALID: Words = words(
    "{同意|どうい}は24{時間|じかん}{有効|ゆうこう}です。",
    "Your consent is valid for 24 hours.",
);
pub(super) const CHOOSE_ALL: Words = words(
    "すべての{項目|こうもく}を{選|えら}ぶと{進|すす}めます。",
    "Choose for every item to go on.",
);
pub(super) const AGREE: Words = words("{同意|どうい}する", "I agree");
pub(super) const DISAGREE: Words = words("{同意|どうい}しない", "I do not agree");
pub(super) const DETAILS: Words = words("くわしく", "Details");
pub(super) const DECIDE: Words = words("{決定|けってい}", "Confirm");
pub(super) const SENDING: Words = words("{送|おく}っています", "Sending");
pub(super) const CARD_GONE: Words = words("カードがはずされました", "The card was taken away");
pub(super) const CARD_GONE_TEXT: Words = words(
    "ご{本人|ほんにん}がこのまま{続|つづ}けますか。カードは{戻|もど}さなくてもかまいません。",
    "Is it still you, and do you want to go on? You need not put the card back.",
);
pub(super) const GO_ON: Words = words("{続|つづ}ける", "Go on");
pub(super) const STOP: Words = words("{中止|ちゅうし}する", "Stop");
pub(super) const STOP_QUESTION: Words = words("{中止|ちゅうし}しますか", "Stop here?");
pub(super) const STOP_TEXT: Words = words(
    "{最初|さいしょ}の{画面|がめん}に{戻|もど}ります。",
    "The screen returns to the start.",
);
pub(super) const DONE: Words = words(
    "{終|お}わりました。ありがとうございました",
    "All done. Thank you",
);
pub(super) const DONE_TEXT: Words = words(
    "{職員|しょくいん}の{案内|あんない}をお{待|ま}ちください。",
    "Please wait for a member of staff.",
);
pub(super) const TAKE_CARD: Words = words("カードをお{取|と}りください", "Please take your card");
pub(super) const CANCELLED: Words = words("{中止|ちゅうし}しました", "Stopped");
pub(super) const EXPIRED: Words = words(
    "{操作|そうさ}がなかったため{終|お}わりました",
    "Ended, because nothing was done",
);
pub(super) const OVER_TEXT: Words = words(
    "もう{一度|いちど}するときは、{職員|しょくいん}にお{声|こえ}がけください。",
    "To begin again, please tell a member of staff.",
);
pub(super) const STILL_THERE: Words = words(
    "{操作|そうさ}がないため、まもなく{最初|さいしょ}の{画面|がめん}に{戻|もど}ります。",
    "Nothing has been done for a while: the screen will return to the start.",
);
pub(super) const NOT_DONE: Words = words(
    "うまくいきませんでした。もう{一度|いちど}{押|お}してください。",
    "That did not work. Please press again.",
);
pub(super) const EXPIRES_SOON: Words = words(
    "カードの{電子証明書|でんししょうめいしょ}の{期限|きげん}が{近|ちか}づいています。{更新|こうしん}は、お{住|す}まいの{市区町村|しくちょうそん}の{窓口|まどぐち}でできます。{期限|きげん}：",
    "Your card's certificate expires soon. You can renew it at your municipal office. Expires: ",
);
pub(super) const FAILED: Words = words(
    "{確認|かくにん}できませんでした",
    "It could not be confirmed",
);
const UNREADABLE: Words = words(
    "カードを{読|よ}み{取|と}れませんでした。いったんはずして、もう{一度|いちど}{置|お}いてください。",
    "The card could not be read. Take it away and place it again.",
);
const OTHER_CARD: Words = words(
    "このカードは{使|つか}えません。マイナンバーカードを{置|お}いてください。",
    "This card can't be used. Please place your My Number Card.",
);
const OTHER_PHONE: Words = words(
    "スマートフォンは{使|つか}えません。マイナンバーカードを{置|お}いてください。",
    "Phones can't be used. Please place your My Number Card.",
);
const CERTIFICATE_OVER: Words = words(
    "カードの{電子証明書|でんししょうめいしょ}の{期限|きげん}が{切|き}れているか、{使|つか}えなくなっています。カードをとって、{職員|しょくいん}にお{声|こえ}がけください。",
    "The certificate on the card has expired or can't be used. Take your card and tell a member of staff.",
);
const NOT_CONFIRMED: Words = words(
    "このカードでは{手続|てつづ}きができません。カードをとって、{職員|しょくいん}にお{声|こえ}がけください。",
    "This card does not work here. Take your card and tell a member of staff.",
);

/// What the patient is told of a failure.
pub(super) const fn failure(failure: CardFailure) -> Words {
    match failure {
        CardFailure::Unreadable => UNREADABLE,
        CardFailure::NotAMyNumberCard | CardFailure::JukiCard | CardFailure::WrongClass => {
            OTHER_CARD
        }
        CardFailure::Phone => OTHER_PHONE,
        CardFailure::NoCertificate | CardFailure::Expired | CardFailure::Revoked => {
            CERTIFICATE_OVER
        }
        CardFailure::NotYetValid
        | CardFailure::Untrusted
        | CardFailure::NotLinked
        | CardFailure::SeveralPersons => NOT_CONFIRMED,
    }
}

/// What is asked, and what it is.
pub(super) const fn bundle(bundle: ConsentBundle) -> (Words, Words) {
    match bundle {
        ConsentBundle::DiagnosisAndPharmacists => (
            words(
                "{診療|しんりょう}・{薬剤|やくざい}の{情報|じょうほう}",
                "Medical treatment and medicines",
            ),
            words(
                "これまでに{受|う}けた{診療|しんりょう}の{内容|ないよう}と、{出|だ}された{薬|くすり}の{名前|なまえ}や{量|りょう}です。",
                "What treatment you have had, and the names and amounts of the medicines you were given.",
            ),
        ),
        ConsentBundle::SpecificHealthCheckups => (
            words("{健診|けんしん}の{情報|じょうほう}", "Health checkups"),
            words(
                "{特定健診|とくていけんしん}などの{結果|けっか}です。{身長|しんちょう}、{体重|たいじゅう}、{血圧|けつあつ}、{血液検査|けつえきけんさ}などの{値|あたい}が{含|ふく}まれます。",
                "Results of health checkups, such as height, weight, blood pressure and blood tests.",
            ),
        ),
        ConsentBundle::Operation => (
            words("{手術|しゅじゅつ}の{情報|じょうほう}", "Operations"),
            words(
                "これまでに{受|う}けた{手術|しゅじゅつ}の{名前|なまえ}と{日付|ひづけ}です。",
                "The names and dates of operations you have had.",
            ),
        ),
        ConsentBundle::SpecificDiseases => (
            words(
                "{特定疾病療養受療証|とくていしっぺいりょうようじゅりょうしょう}",
                "Certificate for specified diseases",
            ),
            words(
                "{人工透析|じんこうとうせき}など、{長|なが}く{続|つづ}く{治療|ちりょう}の{自己負担|じこふたん}についての{証|しょう}です。",
                "A certificate about what you pay for long treatment, such as dialysis.",
            ),
        ),
    }
}

/// A stretch of text: its characters, and how they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stretch {
    Plain(&'static str),
    Ruby(&'static str, &'static str),
}

/// A text in stretches.
pub(super) fn stretches(text: &'static str) -> impl Iterator<Item = Stretch> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let ruby = rest
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
            .and_then(|(pair, after)| Some((pair.split_once('|')?, after)));
        if let Some(((kanji, kana), after)) = ruby {
            rest = after;
            return Some(Stretch::Ruby(kanji, kana));
        }
        let end = rest.find('{').filter(|end| *end > 0).unwrap_or(rest.len());
        let (plain, after) = rest.split_at(end);
        rest = after;
        Some(Stretch::Plain(plain))
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const ALL: [Words; 45] = [
        STARTING,
        WAIT,
        TELL_STAFF,
        OUT_OF_ORDER,
        OUT_OF_DATE,
        OUT_OF_DATE_TEXT,
        UNREACHABLE,
        NORMAL,
        NORMAL_TEXT,
        NORMAL_CARD,
        NORMAL_CARD_TEXT,
        STAFF_CONFIRMS,
        STAFF_CONFIRMS_TEXT,
        PLACE,
        PLACE_TEXT,
        PLACE_AGAIN,
        TAKE_THE_OTHER,
        TAKE_THE_OTHER_TEXT,
        MUTE,
        ELSEWHERE,
        READING,
        READING_TEXT,
        CONSENTS,
        CONSENTS_TEXT,
        CONSENTS_VALID,
        CHOOSE_ALL,
        AGREE,
        DISAGREE,
        DETAILS,
        DECIDE,
        SENDING,
        CARD_GONE,
        CARD_GONE_TEXT,
        GO_ON,
        STOP,
        STOP_QUESTION,
        STOP_TEXT,
        DONE,
        DONE_TEXT,
        TAKE_CARD,
        CANCELLED,
        EXPIRED,
        OVER_TEXT,
        STILL_THERE,
        NOT_DONE,
    ];

    fn everything() -> Vec<Words> {
        let failures = CardFailure::ALL.map(failure);
        let bundles = ConsentBundle::ALL.map(bundle);
        let bundles = bundles.into_iter().flat_map(|(name, what)| [name, what]);
        ALL.into_iter()
            .chain([EXPIRES_SOON, FAILED])
            .chain(failures)
            .chain(bundles)
            .collect()
    }

    fn is_kanji(character: char) -> bool {
        ('\u{3400}'..='\u{9fff}').contains(&character) || character == '々'
    }

    fn is_kana(character: char) -> bool {
        ('\u{3041}'..='\u{3096}').contains(&character) || character == 'ー'
    }

    #[wasm_bindgen_test]
    fn every_kanji_has_its_reading() {
        for words in everything() {
            for stretch in stretches(words.ja) {
                match stretch {
                    Stretch::Plain(text) => {
                        assert!(!text.contains(is_kanji), "{text} in {}", words.ja);
                        assert!(!text.contains(['{', '|', '}']), "{text}");
                    }
                    Stretch::Ruby(kanji, kana) => {
                        assert!(kanji.chars().all(is_kanji), "{kanji}");
                        assert!(!kana.is_empty() && kana.chars().all(is_kana), "{kana}");
                    }
                }
            }
            assert!(!words.en.is_empty() && words.en.is_ascii(), "{}", words.en);
        }
    }

    #[wasm_bindgen_test]
    fn questions_have_the_names_of_the_field() {
        for asked in ConsentBundle::ALL {
            let plain: String = stretches(bundle(asked).0.ja)
                .map(|stretch| match stretch {
                    Stretch::Plain(text) | Stretch::Ruby(text, _) => text,
                })
                .collect();
            assert_eq!(plain, asked.label());
        }
    }

    #[wasm_bindgen_test]
    fn a_text_is_all_of_its_stretches() {
        let table: [(&'static str, &[Stretch]); 4] = [
            ("", &[]),
            ("かな", &[Stretch::Plain("かな")]),
            ("{字|じ}", &[Stretch::Ruby("字", "じ")]),
            (
                "お{待|ま}ち{中|ちゅう}",
                &[
                    Stretch::Plain("お"),
                    Stretch::Ruby("待", "ま"),
                    Stretch::Plain("ち"),
                    Stretch::Ruby("中", "ちゅう"),
                ],
            ),
        ];
        for (text, expected) in table {
            assert_eq!(stretches(text).collect::<Vec<_>>(), expected);
        }
    }
}
