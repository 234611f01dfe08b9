//! What a password must be (NIST SP 800-63B §5.1.1.2: length before composition,
//! and none of those that are tried first).

use thiserror::Error;

use crate::account::UserId;

/// The least number of characters of a password that a person chooses.
pub const LEAST_CHARACTERS: usize = 10;
/// The most bytes of a password; longer ones only burn time.
pub const MOST_BYTES: usize = 256;

/// Of ten characters and more, those that are tried first: the beginnings of
/// keyboards and the commonest words, doubled or with digits behind.
const COMMONEST: [&str; 24] = [
    "0123456789",
    "0987654321",
    "1111111111",
    "1234567890",
    "12345678910",
    "123456789a",
    "1234567891",
    "123123123123",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abcdefghij",
    "abc1234567",
    "adminadmin",
    "asdfghjkl1",
    "iloveyou123",
    "password01",
    "password12",
    "password123",
    "password1234",
    "passwordpassword",
    "qwerty12345",
    "qwertyuiop",
    "sakurasakura",
];

/// Why a password can't be taken, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordRule {
    /// Too few characters.
    #[error("パスワードは{LEAST_CHARACTERS}文字以上にしてください")]
    TooShort,
    /// Too many bytes.
    #[error("パスワードが長すぎます。半角で{MOST_BYTES}文字以内にしてください")]
    TooLong,
    /// It is the ユーザID.
    #[error("ユーザIDと同じ文字は使えません")]
    IsUserId,
    /// It is one of those that are tried first.
    #[error("推測されやすいパスワードです。別のものにしてください")]
    Common,
    /// It is the one that is to be replaced.
    #[error("現在のパスワードと違うものにしてください")]
    Unchanged,
}

/// Checks a password that somebody chose for an account.
pub fn check(password: &str, user_id: &UserId) -> Result<(), PasswordRule> {
    let folded = password.to_ascii_lowercase();
    let first = folded.chars().next();
    if password.chars().count() < LEAST_CHARACTERS {
        Err(PasswordRule::TooShort)
    } else if password.len() > MOST_BYTES {
        Err(PasswordRule::TooLong)
    } else if folded == user_id.as_str() {
        Err(PasswordRule::IsUserId)
    } else if COMMONEST.contains(&folded.as_str()) || folded.chars().all(|c| Some(c) == first) {
        Err(PasswordRule::Common)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_not_the_first_to_be_tried() {
        let user_id: UserId = "hanako.yamada".parse().unwrap();
        let long = "x1".repeat(129);
        let table = [
            ("correct horse", Ok(())),
            ("しんばしのあさはあおい", Ok(())),
            ("", Err(PasswordRule::TooShort)),
            ("123456789", Err(PasswordRule::TooShort)),
            (long.as_str(), Err(PasswordRule::TooLong)),
            ("Hanako.Yamada", Err(PasswordRule::IsUserId)),
            ("Password123", Err(PasswordRule::Common)),
            ("1234567890", Err(PasswordRule::Common)),
            ("aaaaaaaaaaaa", Err(PasswordRule::Common)),
        ];
        for (password, expected) in table {
            assert_eq!(check(password, &user_id), expected, "{password}");
        }
    }
}
