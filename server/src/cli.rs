//! The command line.

mod mail;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::account::{Role, UserId};
use domain::audit::{Action, LinkHash, RETENTION_YEARS};
use domain::date::Date;
use domain::identifier::MedicalInstitutionCode;
use domain::opening::{DEFAULT_HOURS, EmailAddress, InvalidContact, MOST_HOURS, Telephone};
use domain::passcode::PasscodeLife;
use domain::reception::ReceptionHours;
use domain::session::SessionRules;

use crate::import::Encoding;
use crate::openings::{CALL_CENTRE, OpeningRules};
use crate::passkeys::Origin;
use crate::store::Location;
use crate::traces::Collector;

pub use mail::MailArgs;

/// 資格確認のサービス: the eligibility service and its tools.
#[derive(Debug, Parser)]
#[command(name = "shikaku-server", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the page and its API.
    Serve(Box<Serve>),
    /// Import insured persons from a CSV file; also while a server runs.
    Import {
        /// The file: its header the interface's element names. `-` is what comes from another
        /// program.
        file: PathBuf,
        /// What it is written in; by default its beginning tells.
        #[arg(long)]
        encoding: Option<Encoding>,
        /// Begin with the first row, even where an earlier import of this file was interrupted.
        #[arg(long)]
        restart: bool,
        /// Where the store is.
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Write invented insured persons as CSV to standard output.
    Generate {
        /// How many persons.
        #[arg(long)]
        persons: u64,
        /// The same seed gives the same persons.
        #[arg(long)]
        seed: u64,
    },
    /// Manage accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Read, write out, check and shorten the audit trail.
    #[command(subcommand)]
    Audit(AuditCommand),
}

/// `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Invented persons and public accounts; on loopback only.
    #[arg(long)]
    pub demo: bool,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Browsers come over TLS, which a proxy in front ends. Needed to listen on
    /// anything but loopback.
    #[arg(long)]
    pub behind_tls: bool,
    /// Where browsers see the service, for instance `https://clinic.example`; again for
    /// more. Passkeys are bound to the first one's host. By default `http://localhost`
    /// and the port; behind TLS none, and then there are no passkeys.
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub origins: Vec<Origin>,
    /// Lock a session after so long without use, for instance 10m.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = humantime::parse_duration)]
    pub lock_after: Duration,
    /// End a session after so long without use, for instance 30m.
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = humantime::parse_duration)]
    pub log_out_after: Duration,
    /// How long to go on as before, once told to stop, while /api/health/ready says no: for
    /// load balancers to notice, for instance 10s.
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = humantime::parse_duration)]
    pub stop_notice: Duration,
    /// Let everybody make as many requests as he likes: for measurements.
    #[arg(long)]
    pub without_rate_limits: bool,
    /// Tell numbers to Prometheus under /metrics at this address, 127.0.0.1:9464 unless it is
    /// said. Nothing in them is personal, but whoever reaches the address may read them.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:9464")]
    pub metrics: Option<SocketAddr>,
    /// Send traces (OTLP over HTTP) to the collector at this address, for instance
    /// `http://127.0.0.1:4318`. Nothing in them is personal.
    #[arg(long, value_name = "ADDRESS", env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<Collector>,
    /// How many years the audit trail is kept; older lines are removed at the
    /// start and once a day.
    #[arg(long, value_name = "YEARS", default_value_t = RETENTION_YEARS, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub retention_years: u16,
    /// How long a 目視確認用パスコード is good: end-of-day (in Tokyo), or for instance 8h;
    /// from 1m to 7days.
    #[arg(long, value_name = "TIME", default_value = "end-of-day", value_parser = passcode_life)]
    pub passcode_life: PasscodeLife,
    /// The secret that passcodes are hashed with: 32 bytes, made at the first start; by
    /// default the file passcode-secret beside the store. Never keep it with copies of
    /// the store; without it the passcode in force has to be issued again.
    #[arg(long, value_name = "FILE")]
    pub secret_file: Option<PathBuf>,
    /// Openings of the emergency function.
    #[command(flatten)]
    pub openings: OpeningArgs,
    /// Which cards.
    #[command(flatten)]
    pub cards: CardArgs,
    /// How reports are sent.
    #[command(flatten)]
    pub mail: MailArgs,
    /// Who is asked in place of the primary database.
    #[command(flatten)]
    pub replicas: ReplicaArgs,
    /// Where the store is.
    #[command(flatten)]
    pub store: StoreArgs,
}

/// Replicas of the database.
#[derive(Debug, Args)]
pub struct ReplicaArgs {
    /// A streaming replica of the --database, as `postgres://USER@HOST/NAME`; again for more.
    /// Searches are read from it; whether they may be done, and the audit trail, stays with the
    /// primary. One that is away or too far behind is passed over until it is back.
    #[arg(long = "read-replica", value_name = "URL", requires = "database")]
    pub read_replicas: Vec<Location>,
    /// How old may be what is read from a replica, for instance 5s.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = humantime::parse_duration)]
    pub replica_lag: Duration,
}

/// Openings of the emergency function, and whom institutions call for them.
#[derive(Debug, Args)]
pub struct OpeningArgs {
    /// The call centre's telephone number, as it is shown.
    #[arg(long, value_name = "NUMBER", default_value = CALL_CENTRE, value_parser = telephone)]
    pub call_centre_telephone: String,
    /// When somebody answers there, in Tokyo, public holidays excepted: days and times
    /// like "mon-fri 9:00-17:00" or "mon,wed,sat-sun 8:30-24:00".
    #[arg(long, value_name = "HOURS", default_value = "mon-fri 9:00-17:00")]
    pub call_centre_hours: ReceptionHours,
    /// For how many hours the function is opened unless the operator says otherwise.
    #[arg(long, value_name = "HOURS", default_value_t = DEFAULT_HOURS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_HOURS)))]
    pub opening_hours: u32,
    /// The mail address that 利用報告書 is sent from and handed in to. Without it no form
    /// can be sent, and so nothing opened. The demo has one.
    #[arg(long, value_name = "ADDRESS")]
    pub report_address: Option<EmailAddress>,
}

impl From<&OpeningArgs> for OpeningRules {
    fn from(arguments: &OpeningArgs) -> Self {
        Self {
            telephone: arguments.call_centre_telephone.clone(),
            hours: arguments.call_centre_hours,
            usual_hours: arguments.opening_hours,
            report_address: arguments.report_address.clone(),
        }
    }
}

/// A telephone number, shown as it was given.
fn telephone(text: &str) -> Result<String, InvalidContact> {
    text.parse::<Telephone>().map(|_| text.trim().to_owned())
}

/// Whose cards are believed.
#[derive(Debug, Args)]
pub struct CardArgs {
    /// The directory of the roots of JPKI for user authentication (*.cer, *.crt, *.der,
    /// *.pem); without it no card is accepted. The demo has its own.
    #[arg(long, value_name = "DIR", conflicts_with = "demo")]
    pub jpki_roots: Option<PathBuf>,
    /// Believe roots of test cards too.
    #[arg(long, requires = "jpki_roots")]
    pub jpki_test_hierarchy: bool,
    /// Serial numbers of revoked certificates in hexadecimal, one a line; read again
    /// whenever it changes.
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    pub revoked_certificates: Option<PathBuf>,
}

/// The shortest and the longest life of a passcode that lasts so long, in seconds.
const PASSCODE_SECONDS: std::ops::RangeInclusive<u32> = 60..=7 * 86_400;

fn passcode_life(text: &str) -> Result<PasscodeLife, String> {
    if text == "end-of-day" {
        return Ok(PasscodeLife::EndOfDay);
    }
    let time = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    u32::try_from(time.as_secs())
        .ok()
        .filter(|seconds| PASSCODE_SECONDS.contains(seconds))
        .map(PasscodeLife::Seconds)
        .ok_or_else(|| "from 1m to 7days, or end-of-day".to_owned())
}

impl Serve {
    /// Where the secret of passcodes is: beside the store, or in the directory that a store of
    /// this program would be in.
    pub fn secret_file(&self) -> PathBuf {
        let beside = || match self.store.location().path() {
            Some(path) => path.with_file_name("passcode-secret"),
            None => self.store.data.join("passcode-secret"),
        };
        self.secret_file.clone().unwrap_or_else(beside)
    }

    /// When sessions are locked and ended; `None` when the times make no sense.
    pub fn session_rules(&self) -> Option<SessionRules> {
        let lock = u32::try_from(self.lock_after.as_secs()).ok()?;
        let log_out = u32::try_from(self.log_out_after.as_secs()).ok()?;
        (0 < lock && lock < log_out).then_some(SessionRules {
            lock_after_seconds: lock,
            log_out_after_seconds: log_out,
        })
    }
}

/// `account …`.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Add an account; its password is made up and shown once, or read from standard input.
    Add {
        /// The user ID (ユーザID).
        user_id: UserId,
        /// staff, administrator or operator.
        #[arg(long)]
        role: Role,
        /// The institution's 10-digit code (医療機関コード).
        #[arg(long)]
        institution_code: MedicalInstitutionCode,
        /// The institution's name; needed for its first account.
        #[arg(long)]
        institution_name: Option<String>,
        /// Where the password comes from.
        #[command(flatten)]
        password: PasswordArgs,
        /// Where the store is.
        #[command(flatten)]
        store: StoreArgs,
    },
    /// List all accounts.
    List {
        /// Where the store is.
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Disable an account; who is logged in with it is logged out.
    Disable {
        /// The user ID (ユーザID).
        user_id: UserId,
        /// Where the store is.
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Give an account a new password, and enable it again if it was disabled.
    ResetPassword {
        /// The user ID (ユーザID).
        user_id: UserId,
        /// Where the password comes from.
        #[command(flatten)]
        password: PasswordArgs,
        /// Where the store is.
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Remove all passkeys of an account, because a device was lost.
    ResetPasskeys {
        /// The user ID (ユーザID).
        user_id: UserId,
        /// Where the store is.
        #[command(flatten)]
        store: StoreArgs,
    },
}

/// `audit …`.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Show lines of the trail, the earliest first.
    List {
        /// Which lines.
        #[command(flatten)]
        filter: AuditFilterArgs,
        /// Where the store is.
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Write lines to standard output for other programs; leaves a line in the trail.
    Export {
        /// How.
        #[arg(long)]
        format: ExportFormat,
        /// Which lines.
        #[command(flatten)]
        filter: AuditFilterArgs,
        /// Where the store is.
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Check the whole chain, name its first broken link, show its head.
    Verify {
        /// The head that an earlier check showed: it must still be in the chain.
        #[arg(long, value_name = "HASH")]
        head: Option<LinkHash>,
        /// Where the store is.
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Remove lines that need not be kept any longer; the rest still holds.
    Prune {
        /// How old.
        #[arg(long, value_name = "YEARS", default_value_t = RETENTION_YEARS, value_parser = clap::value_parser!(u16).range(1..=100))]
        older_than_years: u16,
        /// Where the store is.
        #[command(flatten)]
        store: StoreArgs,
    },
}

/// Which lines of the trail.
#[derive(Debug, Clone, Args)]
pub struct AuditFilterArgs {
    /// From this day on, like 2026-11-22.
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// To this day.
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
    /// Of the accounts of one institution (医療機関コード).
    #[arg(long, value_name = "CODE")]
    pub institution: Option<MedicalInstitutionCode>,
    /// Of one account (ユーザID).
    #[arg(long, value_name = "ID")]
    pub account: Option<UserId>,
    /// Of one kind, like `eligibility_opened`.
    #[arg(long, value_name = "CODE")]
    pub action: Option<Action>,
}

/// The form of an exported trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// For spreadsheets, in UTF-8.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// Where a password comes from. Never from the command line, which other users
/// of the machine can see.
#[derive(Debug, Clone, Copy, Args)]
pub struct PasswordArgs {
    /// Read the password from the first line of standard input instead of making one up.
    #[arg(long)]
    pub password_stdin: bool,
}

/// Where the store is.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// The directory of the store.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "data",
        conflicts_with = "database"
    )]
    pub data: PathBuf,
    /// The store as a URL: sqlite:PATH or `postgres://USER@HOST/NAME` (several hosts: HOST,HOST;
    /// a password is better in PGPASSWORD than here).
    #[arg(long, value_name = "URL")]
    pub database: Option<Location>,
}

impl StoreArgs {
    /// The store's place.
    pub fn location(&self) -> Location {
        self.database
            .clone()
            .unwrap_or_else(|| Location::in_directory(&self.data))
    }
}
