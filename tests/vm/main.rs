//! Emulated readers as devices that an operating system sees, in a virtual machine with a browser.
//! Needs QEMU and an image: `cargo xtask test --vm` brings both.
#![cfg(target_os = "linux")]

mod devices;
mod medium;
