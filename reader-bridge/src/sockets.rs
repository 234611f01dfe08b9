//! How many connections there may be, and from where.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::door::origin::Origin;

/// Connections at once.
pub const MOST: usize = 32;
/// Connections of one origin at once.
pub const MOST_OF_ORIGIN: usize = 4;

/// Counts connections.
#[derive(Debug, Clone, Default)]
pub struct Sockets(Arc<Mutex<HashMap<Origin, usize>>>);

/// One connection; not counted any more when dropped.
#[derive(Debug)]
pub struct Socket {
    sockets: Sockets,
    origin: Origin,
}

impl Sockets {
    /// Counts one more, unless there are too many.
    pub fn enter(&self, origin: &Origin) -> Option<Socket> {
        self.locked(|counts| {
            let all: usize = counts.values().sum();
            let its = counts.entry(origin.clone()).or_default();
            if all >= MOST || *its >= MOST_OF_ORIGIN {
                return None;
            }
            *its += 1;
            Some(Socket {
                sockets: self.clone(),
                origin: origin.clone(),
            })
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.locked(|counts| counts.values().sum())
    }

    fn locked<T>(&self, work: impl FnOnce(&mut HashMap<Origin, usize>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.sockets.locked(|counts| {
            if let Some(count) = counts.get_mut(&self.origin) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(&self.origin);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_origin_takes_the_places_of_others() {
        let sockets = Sockets::default();
        let mut entered = Vec::new();
        for number in 0..MOST {
            let origin = format!("https://clinic{}.example", number / MOST_OF_ORIGIN);
            let origin: Origin = origin.parse().unwrap();
            entered.push(sockets.enter(&origin).unwrap());
            if number % MOST_OF_ORIGIN == MOST_OF_ORIGIN - 1 {
                assert!(sockets.enter(&origin).is_none(), "{number}");
            }
        }
        let other: Origin = "https://other.example".parse().unwrap();
        assert!(sockets.enter(&other).is_none());
        entered.pop();
        let one = sockets.enter(&other).unwrap();
        assert_eq!(sockets.count(), MOST);
        drop((one, entered));
        assert_eq!(sockets.count(), 0);
    }
}
