//! Mounts the app, and nothing else.

fn main() {
    app::start();
}
