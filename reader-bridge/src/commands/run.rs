//! `run`: the bridge until it is told to stop.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use std::{io, thread};

use anyhow::{Context as _, bail};
use protocol::bridge::PORTS;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use crate::announce::say;
use crate::cli::Run;
use crate::clock::{self, Look};
use crate::files::{self, Running};
use crate::hub::Hub;
use crate::medium::Medium;
use crate::pairing::pending::Pending;
use crate::pairing::{Approvals, PairingStore, keys};
use crate::pcsc::{Monitor, Pcsc};
use crate::simulator::Simulator;
use crate::sockets::Sockets;
use crate::state::{AppState, Shared};
use crate::{listener, ports, router};

/// How often the clocks and the card service are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long a reading under way may take once the bridge is told to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// How long pages may take to hear of the end.
const FAREWELL: Duration = Duration::from_millis(300);
/// RFC 6455: the endpoint goes away.
const GOING_AWAY: u16 = 1001;

/// Runs the bridge. One thread is enough for thirty-two connections.
#[tokio::main(flavor = "current_thread")]
pub(super) async fn run(arguments: &Run) -> anyhow::Result<()> {
    log();
    let folder = files::folder(arguments.folder.data.as_deref())?;
    let Some(presence) = files::take(&folder)? else {
        bail!("{}", already_running(&folder));
    };
    let approvals = approvals(arguments)?;
    let ports = arguments.port.map_or(PORTS.to_vec(), |port| vec![port]);
    let listening = ports::listen(&ports).await.map_err(|error| {
        anyhow::anyhow!(
            "{error}\nほかのポートは --port で選べます / choose another one with --port"
        )
    })?;
    let stop = told_to_stop().context("the signals to stop can't be listened for")?;
    let token = keys::nonce()?.0;
    let running = Running {
        pid: std::process::id(),
        port: listening.port,
        token: token.clone(),
    };
    let simulator = arguments.simulator.then(Simulator::default);
    let medium: Arc<dyn Medium> = match &simulator {
        Some(simulator) => Arc::new(simulator.clone()),
        None => Arc::new(Pcsc),
    };
    let hub = Arc::new(Hub::new(medium, clock::unix_milliseconds()));
    let pairings = PairingStore::open(&folder)?;
    let state = AppState::new(Shared {
        port: listening.port,
        token,
        hub: Arc::clone(&hub),
        simulator: simulator.clone(),
        approvals,
        key: pairings.bridge_key()?,
        pairings,
        pending: Pending::default(),
        sockets: Sockets::default(),
        refused: crate::door::Refused::default(),
    });
    let mut tasks = JoinSet::new();
    if let Some(simulator) = simulator {
        simulator.tell(&*hub);
    } else {
        let monitor = Monitor::start(Arc::<Hub>::clone(&hub))?;
        tasks.spawn(look_after(Arc::clone(&hub), monitor));
    }
    let router = router::router(state.clone());
    if let Some(v6) = listening.v6 {
        tasks.spawn(listener::serve(v6, router.clone()));
    }
    tasks.spawn(listener::serve(listening.v4, router));
    presence.tell(&running)?;
    announce(&state);
    tokio::select! {
        () = stop => {}
        () = stdin_closed(), if arguments.until_stdin_closes => {}
    }
    drain(&hub).await;
    drop(presence);
    say("停止しました。");
    Ok(())
}

/// Logs what this program says itself: libraries below would log whole messages when asked
/// for everything.
fn log() {
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    let own = filter_fn(|metadata| metadata.target().starts_with("reader_bridge"));
    let lines = fmt::layer().with_writer(io::stderr);
    tracing_subscriber::registry()
        .with(lines.with_filter(own).with_filter(wanted))
        .init();
}

fn already_running(folder: &Path) -> String {
    let running = files::running(folder).ok().flatten();
    let place = running.map_or_else(String::new, |running| {
        format!(": http://127.0.0.1:{}/ (PID {})", running.port, running.pid)
    });
    format!("shikaku-reader-bridge はすでに動いています / it already runs{place}")
}

fn approvals(arguments: &Run) -> anyhow::Result<Approvals> {
    let mut approvals = Approvals::default();
    for origin in &arguments.allow_origin {
        approvals.allow(origin.clone());
    }
    for origin in &arguments.pre_approve {
        approvals.approve(origin.clone());
    }
    let own = files::approvals();
    match &arguments.approvals {
        Some(file) => approvals.add_file(file)?,
        None if own.exists() => approvals.add_file(&own)?,
        None => {}
    }
    Ok(approvals)
}

/// Notices what no event tells: that the machine slept, and that the service is stuck.
async fn look_after(hub: Arc<Hub>, monitor: Monitor) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut before = Look::now();
    let mut was_stuck = false;
    loop {
        looks.tick().await;
        let now = Look::now();
        if let Some(slept) = clock::slept(before, now, LOOK_EVERY) {
            tracing::info!(seconds = slept.as_secs(), "the machine slept");
            hub.wake();
            monitor.rebuild();
        }
        before = now;
        let is_stuck = monitor.is_stuck();
        if is_stuck != was_stuck {
            tracing::warn!(is_stuck, "the card service does not answer, or does again");
            hub.set_stuck(is_stuck);
        }
        was_stuck = is_stuck;
    }
}

/// Waits for the end of the standard input, and for nothing in it.
async fn stdin_closed() {
    let (sender, closed) = oneshot::channel();
    // A thread that may stay behind: nothing can interrupt it.
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = sender.send(());
    });
    let _ = closed.await;
}

fn announce(state: &AppState) {
    say(&format!(
        "shikaku-reader-bridge {}\n  http://127.0.0.1:{}/",
        env!("CARGO_PKG_VERSION"),
        state.port
    ));
    if state.simulator.is_some() {
        say("  模擬カードリーダーを使います / simulated reader");
    }
    let mut origins = state.approvals.origins().peekable();
    if origins.peek().is_none() {
        say("  許可された接続元がありません。run --allow-origin で指定してください。");
    }
    for origin in origins {
        say(&format!("  許可された接続元 / allowed: {origin}"));
    }
    say("  Ctrl-C で停止します。");
}

/// Lends nothing more, lets what is under way end, and takes leave.
async fn drain(hub: &Hub) {
    if !hub.close() {
        let rest = async {
            while !hub.is_at_rest() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let _ = timeout(DRAIN_TIMEOUT, rest).await;
    }
    hub.end_all(GOING_AWAY);
    sleep(FAREWELL).await;
}

/// Ctrl-C, or the signal that service managers send. Listened for from the call on.
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ctrl-C, or a console that is closed.
#[cfg(windows)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::windows::{ctrl_c, ctrl_close};
    let (mut interrupt, mut close) = (ctrl_c()?, ctrl_close()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = close.recv() => {}
        }
    })
}
