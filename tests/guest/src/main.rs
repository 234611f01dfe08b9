//! The first program of the virtual machine (`cargo xtask test --vm`): does there what the test
//! on the host tells it, one line at a time. It has no other use, and ends with the test.
//!
//! | line | what it does |
//! |---|---|
//! | `policy JSON` | writes the browser's policies |
//! | `usb PORT BUSID` | plugs in the USB device that the host lends there by USB/IP |
//! | `hid PORT` | lends `/dev/uhid` to the host |
//! | `bar MODULE` | takes a driver out of the kernel, and keeps it out |
//! | `browser PORT` | starts the browser's driver |
//!
//! Each is answered with `ok`, or `failed` and why.
#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::print_stderr,
        reason = "the console is all that a failed start leaves behind"
    )
)]

#[cfg(target_os = "linux")]
mod hid;
#[cfg(target_os = "linux")]
mod orders;
#[cfg(target_os = "linux")]
mod usb;

fn main() {
    // The end of the first program is the machine's.
    #[cfg(target_os = "linux")]
    if let Err(error) = orders::serve() {
        eprintln!("guest: {error}");
    }
}
