//! A mail server of a test's own: a real socket, TLS by rustls, the protocol by mailin.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailin::response::{
    AUTH_OK, INTERNAL_ERROR, INVALID_CREDENTIALS, NO_MAILBOX, OK, TRANSACTION_FAILED,
};
use mailin::{Action, AuthMechanism, Handler, Response, SessionBuilder};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

pub(crate) const USER: &str = "clinic";
pub(crate) const PASSWORD: &str = "himitsu@1";

/// How it behaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Conduct {
    #[default]
    TakesMail,
    RefusesRecipient,
    RefusesMail,
    IsBusy,
    /// Takes the mail and goes away without an answer.
    DropsItsAnswer,
    /// Takes the mail and never answers.
    NeverAnswers,
    NeverGreets,
    HangsUp,
}

/// Where TLS begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tls {
    #[default]
    Never,
    Later,
    AtOnce,
}

/// A mail that it took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Delivered {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) user: Option<String>,
}

pub(crate) struct TestMailServer {
    pub(crate) address: SocketAddr,
    /// Its certificate, for `localhost`, as PEM.
    pub(crate) certificate: String,
    shared: Arc<Shared>,
}

struct Shared {
    conduct: Mutex<Conduct>,
    tls: Tls,
    config: Arc<ServerConfig>,
    delivered: Mutex<Vec<Delivered>>,
}

impl TestMailServer {
    pub(crate) fn start(conduct: Conduct, tls: Tls) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let der = made.cert.der().clone();
        let encoded = STANDARD.encode(&der);
        let certificate =
            format!("-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n");
        let config = ServerConfig::builder().with_no_client_auth();
        let config = Arc::new(config.with_single_cert(vec![der], key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            conduct: Mutex::new(conduct),
            tls,
            config,
            delivered: Mutex::default(),
        });
        let served = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, shared) = (stream.unwrap(), Arc::clone(&served));
                thread::spawn(move || drop(shared.serve(stream)));
            }
        });
        Self {
            address,
            certificate,
            shared,
        }
    }

    pub(crate) fn delivered(&self) -> Vec<Delivered> {
        self.shared.delivered.lock().unwrap().clone()
    }

    pub(crate) fn behave(&self, conduct: Conduct) {
        *self.shared.conduct.lock().unwrap() = conduct;
    }
}

trait Wire: Read + Write + Send {}
impl<T: Read + Write + Send> Wire for T {}

impl Shared {
    fn serve(self: Arc<Self>, tcp: TcpStream) -> std::io::Result<()> {
        let peer = tcp.peer_addr()?.ip();
        let conduct = *self.conduct.lock().unwrap();
        match conduct {
            Conduct::HangsUp => return Ok(()),
            Conduct::NeverGreets => return wait_for_the_end(tcp),
            _ => {}
        }
        let secured = |tcp: TcpStream| -> BufReader<Box<dyn Wire>> {
            let connection = ServerConnection::new(Arc::clone(&self.config)).unwrap();
            BufReader::new(Box::new(StreamOwned::new(connection, tcp)))
        };
        let mut wire: BufReader<Box<dyn Wire>> = match self.tls {
            Tls::AtOnce => secured(tcp.try_clone()?),
            _ => BufReader::new(Box::new(tcp.try_clone()?)),
        };
        let is_muted = Arc::new(AtomicBool::new(false));
        let receiver = Receiver {
            shared: Arc::clone(&self),
            conduct,
            mail: Delivered::default(),
            user: None,
            is_muted: Arc::clone(&is_muted),
        };
        let mut builder = SessionBuilder::new("mail.test");
        // Whoever enables log-in requires it.
        match self.tls {
            Tls::Never => {}
            Tls::Later => {
                builder.enable_auth(AuthMechanism::Plain).enable_start_tls();
            }
            // It does not know that there is TLS already.
            Tls::AtOnce => {
                let builder = builder.enable_auth(AuthMechanism::Plain);
                builder.insecure_enable_plaintext_auth();
            }
        }
        let mut session = builder.build(peer, receiver);
        session.greeting().write_to(wire.get_mut())?;
        wire.get_mut().flush()?;
        let mut line = Vec::new();
        while wire.read_until(b'\n', &mut line)? > 0 {
            let response = session.process(&line);
            line.clear();
            if is_muted.load(Ordering::Relaxed) {
                return match conduct {
                    Conduct::NeverAnswers => wait_for_the_end(tcp),
                    _ => Ok(()),
                };
            }
            if response.action != Action::NoReply {
                response.write_to(wire.get_mut())?;
                wire.get_mut().flush()?;
            }
            match response.action {
                Action::Close => break,
                Action::UpgradeTls => {
                    wire = secured(tcp.try_clone()?);
                    session.tls_active();
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn wait_for_the_end(mut tcp: TcpStream) -> std::io::Result<()> {
    let mut bytes = [0; 1024];
    while tcp.read(&mut bytes)? > 0 {}
    Ok(())
}

struct Receiver {
    shared: Arc<Shared>,
    conduct: Conduct,
    mail: Delivered,
    user: Option<String>,
    is_muted: Arc<AtomicBool>,
}

impl Handler for Receiver {
    fn mail(&mut self, _: IpAddr, _: &str, from: &str) -> Response {
        self.mail = Delivered {
            from: from.to_owned(),
            user: self.user.clone(),
            ..Delivered::default()
        };
        OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        if self.conduct == Conduct::RefusesRecipient {
            return NO_MAILBOX;
        }
        self.mail.to.push(to.to_owned());
        OK
    }

    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.mail.bytes.extend(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        match self.conduct {
            Conduct::RefusesMail => return TRANSACTION_FAILED,
            Conduct::IsBusy => return INTERNAL_ERROR,
            Conduct::DropsItsAnswer | Conduct::NeverAnswers => {
                self.is_muted.store(true, Ordering::Relaxed);
            }
            _ => {}
        }
        self.shared
            .delivered
            .lock()
            .unwrap()
            .push(self.mail.clone());
        OK
    }

    fn auth_plain(&mut self, _: &str, user: &str, password: &str) -> Response {
        if (user, password) != (USER, PASSWORD) {
            return INVALID_CREDENTIALS;
        }
        self.user = Some(user.to_owned());
        AUTH_OK
    }
}
