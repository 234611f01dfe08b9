//! Many sorted runs read as one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::io;

use super::run::Reader;
use super::sorter::Key;

/// Entries in their order.
pub(super) struct Merge {
    runs: Vec<Reader>,
    /// The next entry of each run.
    heads: Vec<Vec<u8>>,
    order: BinaryHeap<Reverse<(Key, usize)>>,
    current: Vec<u8>,
}

impl Merge {
    pub(super) fn of(mut runs: Vec<Reader>) -> io::Result<Self> {
        let mut heads = vec![Vec::new(); runs.len()];
        let mut order = BinaryHeap::with_capacity(runs.len());
        for (number, (run, head)) in runs.iter_mut().zip(&mut heads).enumerate() {
            if let Some(key) = run.read(head)? {
                order.push(Reverse((key, number)));
            }
        }
        Ok(Self {
            runs,
            heads,
            order,
            current: Vec::new(),
        })
    }

    /// The next entry.
    pub(super) fn next(&mut self) -> io::Result<Option<(Key, &[u8])>> {
        let Some(mut first) = self.order.peek_mut() else {
            return Ok(None);
        };
        let Reverse((key, number)) = *first;
        if let (Some(run), Some(head)) = (self.runs.get_mut(number), self.heads.get_mut(number)) {
            std::mem::swap(head, &mut self.current);
            match run.read(head)? {
                Some(next) => *first = Reverse((next, number)),
                None => drop(PeekMut::pop(first)),
            }
        }
        Ok(Some((key, &self.current)))
    }
}
