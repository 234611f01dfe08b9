//! A WebSocket as something that is awaited.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use protocol::bridge::{FromBridge, FromPage, SOCKET_PATH};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{MessageEvent, WebSocket};

/// What has come and nobody has taken yet.
#[derive(Default)]
struct Inbox {
    events: VecDeque<Event>,
    is_over: bool,
    waker: Option<Waker>,
}

enum Event {
    Opened,
    Message(FromBridge),
}

impl Inbox {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// An open line, closed with this value.
pub(super) struct Socket {
    sender: Sender,
    inbox: Rc<RefCell<Inbox>>,
    // Called by the browser for as long as the line is open.
    _opened: Closure<dyn FnMut(JsValue)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _over: Closure<dyn FnMut(JsValue)>,
}

/// The end that speaks.
#[derive(Clone)]
pub(super) struct Sender(WebSocket);

impl Sender {
    /// Sends a message; on a line that is over it gets lost, as it would have on the way.
    pub(super) fn send(&self, message: &FromPage) {
        if let Ok(text) = serde_json::to_string(message) {
            let _ = self.0.send_with_str(&text);
        }
    }
}

impl Socket {
    /// Begins to connect to a port of this machine, and waits until the line is open.
    pub(super) async fn open(port: u16) -> Result<Self, JsValue> {
        let address = format!("ws://127.0.0.1:{port}{SOCKET_PATH}");
        let mut socket = Self::begin(WebSocket::new(&address)?);
        match socket.event().await {
            Some(Event::Opened) => Ok(socket),
            _ => Err(JsValue::NULL),
        }
    }

    fn begin(socket: WebSocket) -> Self {
        let inbox = Rc::new(RefCell::new(Inbox::default()));
        let put = |inbox: &Rc<RefCell<Inbox>>| inbox.clone();
        let to = put(&inbox);
        let opened = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            let mut inbox = to.borrow_mut();
            inbox.events.push_back(Event::Opened);
            inbox.wake();
        });
        let to = put(&inbox);
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            let mut inbox = to.borrow_mut();
            match serde_json::from_str(&text) {
                Ok(message) => inbox.events.push_back(Event::Message(message)),
                // Not a message of this protocol: the rest would be guesses.
                Err(_) => inbox.is_over = true,
            }
            inbox.wake();
        });
        let to = put(&inbox);
        let over = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            let mut inbox = to.borrow_mut();
            inbox.is_over = true;
            inbox.wake();
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(over.as_ref().unchecked_ref()));
        Self {
            sender: Sender(socket),
            inbox,
            _opened: opened,
            _message: message,
            _over: over,
        }
    }

    /// The end that speaks.
    pub(super) fn sender(&self) -> Sender {
        self.sender.clone()
    }

    /// The next message; `None` when the line is over.
    pub(super) async fn next(&mut self) -> Option<FromBridge> {
        loop {
            if let Event::Message(message) = self.event().await? {
                return Some(message);
            }
        }
    }

    async fn event(&mut self) -> Option<Event> {
        poll_fn(|context| {
            let mut inbox = self.inbox.borrow_mut();
            if let Some(event) = inbox.events.pop_front() {
                return Poll::Ready(Some(event));
            }
            if inbox.is_over {
                return Poll::Ready(None);
            }
            inbox.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let socket = &self.sender.0;
        socket.set_onopen(None);
        socket.set_onmessage(None);
        socket.set_onclose(None);
        // It fails only with arguments that are not given.
        let _ = socket.close();
    }
}
