//! What has to be answered before anything else.

use leptos::html;
use leptos::prelude::*;

/// The browser's own modal dialog: it keeps the focus, Escape means no, and the focus returns to
/// where it was. It is open for as long as it is on the page.
#[derive(Clone, Copy)]
pub(crate) struct Modal(NodeRef<html::Dialog>);

impl Modal {
    pub(crate) fn new() -> Self {
        let dialog = NodeRef::<html::Dialog>::new();
        // Once it is in the document: before, it can't be shown.
        Effect::new(move |_| {
            if let Some(dialog) = dialog.get() {
                let _ = dialog.show_modal();
            }
        });
        Self(dialog)
    }

    /// The `dialog` that is to be this.
    pub(crate) const fn node(self) -> NodeRef<html::Dialog> {
        self.0
    }

    /// As Escape does.
    pub(crate) fn close(self) {
        if let Some(dialog) = self.0.get_untracked() {
            dialog.close();
        }
    }
}
