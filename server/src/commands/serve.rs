//! `serve`: the service until it is told to stop.

mod files;
mod stopping;

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use domain::audit::Action;
use domain::session::SessionRules;
use tokio::net::TcpListener;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::certificate::{self, NothingRevoked, Revocation, RevokedSerials, Verifier};
use crate::cli::Serve;
use crate::clock::{Clock as _, SystemClock};
use crate::entropy::SystemEntropy;
use crate::http::listener;
use crate::metrics;
use crate::openings::OpeningRules;
use crate::passcodes::{PasscodeRules, PasscodeSecret};
use crate::passkeys::Passkeys;
use crate::state::{AppState, Mode};
use crate::store::{AuditEvent, Audited, Purpose, Store, StoreError, Writer};
use crate::traces::Traces;
use crate::{assets, demo, sweeping};
use stopping::{Signals, Stopped, until_stopped};

/// How long what is being written may take at the very end.
const CLOSING_TIMEOUT: Duration = Duration::from_secs(10);

const ONE_DAY: Duration = Duration::from_hours(24);

/// Runs the service.
pub fn run(arguments: &Serve) -> anyhow::Result<()> {
    let rules = check(arguments)?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime could not start")?;
    let collector = arguments.otlp_endpoint.as_ref();
    let traces = collector.map(|collector| Traces::to(collector, runtime.handle().clone()));
    let traces = traces.transpose()?;
    let log = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(std::io::stderr)
        .with_filter(filter()?);
    tracing_subscriber::registry()
        .with(log)
        .with(traces.as_ref().map(Traces::layer))
        .init();
    files::allow_most();
    let stopped = runtime.block_on(serve(arguments, rules))?;
    if let Some(traces) = traces {
        traces.end();
    }
    match stopped {
        Stopped::Drained => {
            // What is being written is still written; then the store is closed.
            runtime.shutdown_timeout(CLOSING_TIMEOUT);
            // Whoever started it may be gone, and no longer read.
            let _ = writeln!(std::io::stdout(), "停止しました。");
            Ok(())
        }
        Stopped::AtOnce => {
            runtime.shutdown_background();
            bail!("told to stop twice: requests in progress were cut off");
        }
    }
}

/// What is logged. Whatever `RUST_LOG` says, the passkeys' library stays silent: it
/// would write out what browsers send.
fn filter() -> anyhow::Result<EnvFilter> {
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    for silent in ["webauthn_rs=off", "webauthn_rs_core=off"] {
        filter = filter.add_directive(silent.parse()?);
    }
    Ok(filter)
}

/// Passkeys for where browsers see the service; none when that can't be told.
fn passkeys(arguments: &Serve, port: u16) -> anyhow::Result<Option<Passkeys>> {
    let mut origins = arguments.origins.clone();
    if origins.is_empty() {
        if arguments.behind_tls {
            return Ok(None);
        }
        origins.push(format!("http://localhost:{port}").parse()?);
    }
    Ok(Some(Passkeys::new(origins)?))
}

/// Refuses what would put public passwords or clear-text sessions on a network.
fn check(arguments: &Serve) -> anyhow::Result<SessionRules> {
    let is_loopback = arguments.listen.ip().is_loopback();
    if arguments.demo && !is_loopback {
        bail!(
            "--demo has public passwords and listens on loopback only; \
             use --listen 127.0.0.1:{} or leave --demo out",
            arguments.listen.port()
        );
    }
    if !is_loopback && !arguments.behind_tls {
        bail!(
            "{} is not loopback, and this service speaks no TLS itself; put a TLS proxy in \
             front of it and say --behind-tls",
            arguments.listen.ip()
        );
    }
    let places = arguments.store.database.iter();
    let mut places = places.chain(&arguments.replicas.read_replicas);
    if !arguments.replicas.read_replicas.is_empty() && places.any(|one| one.path().is_some()) {
        bail!("--read-replica and its --database are postgres://…; a file has no replicas");
    }
    arguments.session_rules().context(
        "--lock-after is at least 1s and shorter than --log-out-after, for instance 10m and 30m",
    )
}

async fn serve(arguments: &Serve, rules: SessionRules) -> anyhow::Result<Stopped> {
    let verifier = verifier(arguments)?;
    let mail_server = arguments.mail.mail_server()?;
    // Asked for before the work: a taken port should be said at once.
    let listener = listen(arguments.listen, "--listen").await?;
    let address = listener.local_addr()?;
    let numbers = match arguments.metrics {
        Some(address) => Some(listen(address, "--metrics").await?),
        None => None,
    };
    let passkeys = passkeys(arguments, address.port())?;
    let signals = Signals::listen().context("the signals to stop can't be listened for")?;
    let replicas = &arguments.replicas;
    let store = Store::open(&arguments.store.location())?
        .with_replicas(&replicas.read_replicas, replicas.replica_lag)?;
    prepare(arguments, &store)?;
    let mode = Mode {
        demo: arguments.demo,
        behind_tls: arguments.behind_tls,
        without_rate_limits: arguments.without_rate_limits,
    };
    let state = AppState::new(store, Arc::new(SystemClock), Arc::new(SystemEntropy), mode)?
        .with_session_rules(rules)
        .with_passcodes(PasscodeRules {
            life: arguments.passcode_life,
            secret: PasscodeSecret::load_or_make(&arguments.secret_file(), &SystemEntropy)?,
        })
        .with_openings(openings(arguments))
        .with_verifier(verifier);
    let state = match passkeys {
        Some(passkeys) => state.with_passkeys(passkeys),
        None => state,
    };
    let state = match mail_server {
        Some(server) => state.with_mail_server(server),
        None => state,
    };
    announce(arguments, address);
    if let Some(listener) = numbers {
        println!("  Prometheus: http://{}/metrics", listener.local_addr()?);
        let router = metrics::router(state.clone());
        // Until the very end: how it stops is worth knowing too.
        tokio::spawn(listener::serve(listener, router, std::future::pending()));
    }
    tokio::spawn(keep_retention(state.clone(), arguments.retention_years));
    tokio::spawn(sweeping::keep(state.clone()));
    Ok(until_stopped(listener, state, signals, arguments.stop_notice).await)
}

async fn listen(address: SocketAddr, option: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| {
        format!("{address} can't be listened on; choose another one with {option}")
    })
}

/// How functions are opened; in the demo reports go to somebody invented.
fn openings(arguments: &Serve) -> OpeningRules {
    let rules = OpeningRules::from(&arguments.openings);
    OpeningRules {
        report_address: (rules.report_address)
            .or_else(|| arguments.demo.then(demo::report_address).flatten()),
        ..rules
    }
}

/// Whose cards are believed.
fn verifier(arguments: &Serve) -> anyhow::Result<Verifier> {
    if arguments.demo {
        return Ok(Verifier::of_demo());
    }
    let cards = &arguments.cards;
    let roots = match &cards.jpki_roots {
        Some(directory) => certificate::load(directory, cards.jpki_test_hierarchy)?,
        None => Vec::new(),
    };
    let revocation: Box<dyn Revocation> = match &cards.revoked_certificates {
        Some(file) => Box::new(RevokedSerials::load(file)?),
        None => Box::new(NothingRevoked),
    };
    Ok(Verifier::new(roots, revocation))
}

/// Decides what a new store is for, and refuses one that is for the other thing.
fn prepare(arguments: &Serve, store: &Store) -> anyhow::Result<()> {
    let wanted = if arguments.demo {
        Purpose::Demo
    } else {
        Purpose::Work
    };
    match store.read_blocking(|reader| reader.purpose())? {
        Some(purpose) if purpose == wanted => {}
        Some(Purpose::Work) => bail!(
            "this store is for work, and --demo has public passwords; \
             leave --demo out or choose another store with --data"
        ),
        Some(Purpose::Demo) => bail!(
            "this store is a demo's, with invented persons; \
             say --demo or choose another store with --data"
        ),
        None if arguments.demo => demo::set_up(store, &SystemClock, &SystemEntropy)?,
        None => {}
    }
    if arguments.demo {
        // Stores of earlier versions have accounts and persons already.
        demo::register_institutions(store, &SystemClock)?;
    }
    let decide = |writer: &Writer<'_>| {
        let purpose = writer.decide_purpose(wanted)?;
        let event = AuditEvent::new(Action::ServiceStarted, None).outcome(purpose.code());
        Ok::<_, StoreError>(Audited::new((), event))
    };
    Ok(store.write_blocking(SystemClock.now(), decide)?)
}

/// Shortens the audit trail now and once a day.
async fn keep_retention(state: AppState, years: u16) {
    let mut days = tokio::time::interval(ONE_DAY);
    loop {
        days.tick().await;
        if let Err(error) = state.apply_retention(years).await {
            tracing::error!(%error, "the audit trail could not be shortened");
        }
    }
}

fn announce(arguments: &Serve, address: SocketAddr) {
    println!("shikaku-server {}", env!("CARGO_PKG_VERSION"));
    println!("  http://{address}/");
    if !assets::are_embedded() {
        println!("  画面は組み込まれていません（API のみ）。cargo xtask run で作り直せます。");
    }
    if arguments.demo {
        println!("  デモ用アカウント（ユーザID / パスワード）:");
        for account in demo::accounts() {
            let role = account.role.label();
            println!(
                "    {:<10}{}  （{role}）",
                account.user_id.as_str(),
                account.password
            );
        }
    }
    if !arguments.demo && arguments.openings.report_address.is_none() {
        println!(
            "  利用報告書の送付元がないため、機能を開放できません（--report-address で設定できます）。"
        );
    }
    if !arguments.demo && arguments.cards.jpki_roots.is_none() {
        println!("  マイナンバーカードは受け付けません（--jpki-roots で発行元を設定できます）。");
    }
    println!("  Ctrl-C で停止します。");
}
