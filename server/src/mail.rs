//! 利用報告書 as a mail (RFC 5322): a file that somebody sends, or what a mail server is given.

mod server;

use std::time::{Duration, SystemTime};

use domain::opening::EmailAddress;
use domain::timestamp::Timestamp;
use domain::usage_report::{FILE_NAME, SUBJECT};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use thiserror::Error;

pub use server::{InvalidMailServer, MailServer, Undelivered};

/// A report on its way. All of it is the same whenever it is made: a mail that arrives
/// twice is seen to be one.
#[derive(Debug, Clone)]
pub struct ReportMail {
    /// Names the mail: letters, digits, dots and hyphens only.
    pub id: String,
    /// 医療機関・薬局名.
    pub institution_name: String,
    /// The institution's registered address.
    pub from: EmailAddress,
    /// The address that the report form came from.
    pub to: EmailAddress,
    /// When it was handed in.
    pub at: Timestamp,
    /// The report, with lines that end with LF.
    pub text: String,
}

/// A mail can't be made: an address that this library does not take, or a time before 1970.
#[derive(Debug, Error)]
#[error("the mail can't be made")]
pub struct UnmakeableMail;

impl ReportMail {
    /// The mail: the report as text, and again as an attachment.
    pub fn message(&self) -> Result<Message, UnmakeableMail> {
        let text = self.text.replace('\n', "\r\n");
        let attachment = Attachment::new(FILE_NAME.to_owned());
        let parts = MultiPart::mixed()
            .boundary(format!("=_{}", self.id))
            .singlepart(SinglePart::plain(text.clone()))
            .singlepart(attachment.body(text, ContentType::TEXT_PLAIN));
        let from = address(&self.from)?;
        let id = format!("<{}@{}>", self.id, from.domain());
        Message::builder()
            .message_id(Some(id))
            .date(self.date()?)
            .from(Mailbox::new(Some(self.sender()), from))
            .to(Mailbox::new(None, address(&self.to)?))
            .subject(SUBJECT)
            .multipart(parts)
            .map_err(|_| UnmakeableMail)
    }

    /// 医療機関・薬局名 as a name in a header: one line, whatever was registered.
    fn sender(&self) -> String {
        let is_of_line = |letter: &char| !letter.is_control();
        self.institution_name.chars().filter(is_of_line).collect()
    }

    fn date(&self) -> Result<SystemTime, UnmakeableMail> {
        let milliseconds = u64::try_from(self.at.unix_milliseconds());
        let since = Duration::from_millis(milliseconds.map_err(|_| UnmakeableMail)?);
        SystemTime::UNIX_EPOCH
            .checked_add(since)
            .ok_or(UnmakeableMail)
    }
}

fn address(address: &EmailAddress) -> Result<Address, UnmakeableMail> {
    address.as_str().parse().map_err(|_| UnmakeableMail)
}

#[cfg(test)]
mod tests;
