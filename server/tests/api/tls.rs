//! The connection to a database server over TLS. Without `SHIKAKU_TEST_DATABASE`, or where that
//! server can't be reached over TCP, there is nothing to test.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use server::store::Location;

use crate::harness::Service;

/// A certificate for a name, which believes itself, and its key.
fn certificate(name: &str) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let key = made.signing_key.serialize_der();
    (
        pem("CERTIFICATE", made.cert.der()),
        pem("PRIVATE KEY", &key),
    )
}

fn pem(what: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der).into_bytes();
    let lines = text.chunks(64).map(|line| str::from_utf8(line).unwrap());
    let lines = lines.collect::<Vec<_>>().join("\n");
    format!("-----BEGIN {what}-----\n{lines}\n-----END {what}-----\n")
}

/// Writes a file of the database server, for itself only.
fn put(service: &Service, name: &str, pem: &str) {
    let lines = format!("unnest(string_to_array('{}', E'\\n'))", pem.trim_end());
    let data = service.query("SHOW data_directory").remove(0);
    let sql = format!("COPY (SELECT {lines}) TO PROGRAM 'umask 077; cat > {data}/{name}'");
    service.database.run(&sql).unwrap();
}

fn list(url: &str, believed: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shikaku-server"))
        .args(["account", "list", "--database", url])
        .env("SSL_CERT_FILE", believed)
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap()
}

#[test]
fn a_server_is_believed_by_its_certificate_and_name_only() {
    let service = Service::new();
    let Location::Server(config) = service.database.location() else {
        return;
    };
    if service.query("SHOW listen_addresses") == [""] {
        return;
    }
    let (ours, key) = certificate("localhost");
    put(&service, "server.crt", &ours);
    put(&service, "server.key", &key);
    for sql in ["ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()"] {
        service.database.run(sql).unwrap();
    }
    while service.query("SHOW ssl") != ["on"] {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let believing = |name: &str, pem: &str| -> PathBuf {
        let path = service.path(name);
        std::fs::write(&path, pem).unwrap();
        path
    };
    let right = believing("right.pem", &ours);
    let wrong = believing("wrong.pem", &certificate("localhost").0);
    let port = service.query("SHOW port").remove(0);
    let name = config.get_dbname().unwrap();
    let url =
        |host: &str, mode: &str| format!("postgres://shikaku@{host}:{port}/{name}?sslmode={mode}");
    let table = [
        ("localhost", "require", &right, true),
        ("localhost", "require", &wrong, false),
        // The certificate is for another name.
        ("127.0.0.1", "require", &right, false),
        // Nothing leaves this machine.
        ("127.0.0.1", "disable", &wrong, true),
    ];
    for (host, mode, believed, is_let_in) in table {
        let output = list(&url(host, mode), believed);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), is_let_in, "{host} {mode}: {said}");
        if !is_let_in {
            assert!(said.contains("no connection to the database"), "{said}");
        }
    }
    let far = list("postgres://shikaku@db.example/shikaku", &right);
    let said = String::from_utf8_lossy(&far.stderr);
    assert!(said.contains("sslmode=require"), "{said}");
}
