//! What is done for the notebook whenever somebody has logged in, on whatever page: the terminal
//! learns the key for the next outage, and what is over is destroyed.

use protocol::http::SessionInfo;

use super::key;
use crate::session::Session;

/// Does it. Whatever fails is tried again at the next log-in, and said on the page of 控え.
pub(crate) async fn tend(session: Session, info: SessionInfo) {
    if let Some(Ok(key)) = key::learn(session, &info).await {
        let _ = key::settle(session, &key).await;
    }
}
