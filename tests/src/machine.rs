//! A virtual machine with a browser in it, and readers at its ports that its kernel takes for real.
//!
//! QEMU emulates all of the processor (`-accel tcg`): that is slow, and works on any machine,
//! where KVM may be there and yet hang. It has one processor: with two, a busy host lets one wait for what the other
//! has locked while that does not run, and a page was seen to load for minutes. `cargo xtask test --vm` makes the disk's image and says where it is.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use card::virtual_reader::Identity;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::uhid::HidPort;
use crate::usbip::Bus;
use crate::{Browser, program};

/// How long the machine may take to start, on a busy host.
const START_TIMEOUT: Duration = Duration::from_mins(5);
/// How long it may take for what it is told.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(2);
/// How long a browser in it may take for what people would wait for.
const PATIENCE: Duration = Duration::from_mins(5);
/// Where the browser's driver listens inside.
const DRIVER_PORT: u16 = 9515;
/// The name by which pages there know this machine's service.
const SERVICE: &str = "app.test";
/// This machine, as QEMU's user network calls it.
const HOST: &str = "10.0.2.2";

/// A running machine; it ends with this value.
#[derive(Debug)]
pub struct Machine {
    qemu: Child,
    orders: BufReader<TcpStream>,
    /// The driver's port on this machine.
    driver: u16,
    folder: TempDir,
}

impl Machine {
    /// Starts one from the image, which stays as it is.
    pub fn start() -> Result<Self> {
        let folder = TempDir::new()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let driver = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let port = listener.local_addr()?.port();
        let console = File::create(folder.path().join("console"))?;
        let mut qemu = command(&program("SHIKAKU_GUEST_IMAGE")?, port, driver)?
            .stdin(Stdio::null())
            .stdout(console.try_clone()?)
            .stderr(console)
            .spawn()
            .context("QEMU does not start")?;
        let orders = match accept(&listener, &mut qemu) {
            Ok(orders) => orders,
            Err(error) => {
                qemu.kill()?;
                qemu.wait()?;
                let console = fs::read_to_string(folder.path().join("console"));
                return Err(error.context(console.unwrap_or_default()));
            }
        };
        Ok(Self {
            qemu,
            orders: BufReader::new(orders),
            driver,
            folder,
        })
    }

    /// What the kernel and the programs inside have said.
    pub fn console(&self) -> Result<String> {
        let text = fs::read(self.folder.path().join("console"))?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// The address of a service of this machine as pages inside know it.
    pub fn address(port: u16) -> String {
        format!("http://{SERVICE}:{port}")
    }

    /// Lets the pages of an origin use readers without asking anybody, as a managed site's policy does.
    /// To be said before the browser starts.
    pub fn allow(&mut self, origin: &str, usb: &[Identity], hid: &[Identity]) -> Result<()> {
        let policy = json!({
            "WebUsbAllowDevicesForUrls": permitted(origin, usb),
            "WebHidAllowDevicesForUrls": permitted(origin, hid),
        });
        self.order(&format!("policy {policy}"))
    }

    /// Plugs in a USB device.
    pub fn plug_in(&mut self, bus: &Bus, reader: usize) -> Result<()> {
        self.order(&format!("usb {} {}", bus.port(), Bus::id(reader)))
    }

    /// Plugs in a HID device.
    pub fn plug_in_hid(&mut self, reader: &HidPort) -> Result<()> {
        self.order(&format!("hid {}", reader.port()))
    }

    /// Takes a driver out of the kernel and keeps it out, as a line `blacklist` in `/etc/modprobe.d` does.
    pub fn bar(&mut self, module: &str) -> Result<()> {
        self.order(&format!("bar {module}"))
    }

    /// Starts the browser, for pages of one origin: it takes that for as safe as one by HTTPS.
    pub async fn browser(&mut self, origin: &str) -> Result<Browser> {
        self.order(&format!("browser {DRIVER_PORT}"))?;
        let arguments = [
            // What takes too long here is not stuck.
            "--disable-gpu-watchdog".to_owned(),
            "--disable-hang-monitor".to_owned(),
            format!("--host-resolver-rules=MAP {SERVICE} {HOST}"),
            format!("--unsafely-treat-insecure-origin-as-secure={origin}"),
        ];
        let driver = format!("http://127.0.0.1:{}", self.driver);
        Browser::connect(&driver, &arguments, PATIENCE).await
    }

    fn order(&mut self, line: &str) -> Result<()> {
        self.orders
            .get_mut()
            .write_all(format!("{line}\n").as_bytes())?;
        let mut answer = String::new();
        self.orders
            .read_line(&mut answer)
            .with_context(|| line.to_owned())?;
        ensure!(answer == "ok\n", "{line}: {answer}\n{}", self.console()?);
        Ok(())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // The image is not written to, so nothing is lost with an end by force.
        let _ = self.qemu.kill();
        let _ = self.qemu.wait();
    }
}

fn command(image: &Path, port: u16, driver: u16) -> Result<Command> {
    let text = |path: PathBuf| path.into_os_string().into_string().ok();
    let file = |name: &str| text(image.join(name)).context("the image's path is not UTF-8");
    let guest = text(program("SHIKAKU_GUEST")?).context("the program's path is not UTF-8")?;
    let mut command = Command::new("qemu-system-x86_64");
    command
        .args(["-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "2048"])
        .args([
            "-nodefaults",
            "-no-reboot",
            "-display",
            "none",
            "-serial",
            "stdio",
        ])
        .args(["-kernel", &file("vmlinuz")?, "-initrd", &file("initrd.gz")?])
        .arg("-append")
        .arg(format!(
            "console=ttyS0 loglevel=5 net.ifnames=0 panic=-1 shikaku.port={port}"
        ))
        .arg("-drive")
        .arg(format!(
            "file={},format=raw,if=virtio,snapshot=on",
            file("disk.ext4")?
        ))
        .arg("-drive")
        .arg(format!("file={guest},format=raw,if=virtio,readonly=on"))
        .arg("-netdev")
        .arg(format!(
            "user,id=net,hostfwd=tcp:127.0.0.1:{driver}-:{DRIVER_PORT}"
        ))
        .args(["-device", "virtio-net-pci,netdev=net"]);
    Ok(command)
}

/// Waits for the machine's first program.
fn accept(listener: &TcpListener, qemu: &mut Child) -> Result<TcpStream> {
    listener.set_nonblocking(true)?;
    let started = Instant::now();
    loop {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(false)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
            return Ok(stream);
        }
        ensure!(qemu.try_wait()?.is_none(), "the machine has ended");
        ensure!(
            started.elapsed() < START_TIMEOUT,
            "the machine does not start"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn permitted(origin: &str, devices: &[Identity]) -> Value {
    let devices: Vec<_> = devices
        .iter()
        .map(|device| json!({ "vendor_id": device.vendor, "product_id": device.product }))
        .collect();
    json!([{ "devices": devices, "urls": [origin] }])
}
