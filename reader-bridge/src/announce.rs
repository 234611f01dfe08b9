//! What the program says on its terminal.

use std::io::Write as _;

use crate::door::origin::Origin;

/// A line for the person at the terminal.
pub(crate) fn say(line: &str) {
    // Whoever started it may have stopped listening; that is no reason to stop.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A page waits to be paired.
pub(crate) fn pairing(code: &str, origin: &Origin, label: &str) {
    let spaced = spaced(code);
    say(&format!(
        "\nペアリングの要求 / A page wants to be paired\n  画面: {label}\n  接続元: {origin}\n  \
         番号: {spaced}\n画面の番号が同じときだけ、次を実行してください / If the page shows the same:\n  \
         shikaku-reader-bridge pair accept {code}\n"
    ));
}

/// Six digits, for reading aloud.
pub(crate) fn spaced(code: &str) -> String {
    let (first, last) = code.split_at_checked(3).unwrap_or((code, ""));
    format!("{first} {last}")
}
