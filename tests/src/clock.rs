//! A terminal whose clock is wrong, and time that passes for notes.

use crate::Browser;

/// `Date` is apart from this machine's by `localStorage.clock`, in milliseconds.
const OTHER_CLOCK: &str = "(() => {
    const Right = Date;
    const now = () => Right.now() + Number(localStorage.getItem('clock') ?? 0);
    window.Date = class extends Right {
      constructor(...parts) { parts.length ? super(...parts) : super(now()); }
      static now() { return now(); }
    };
  })()";

impl Browser {
    /// From now on pages read a clock that [`Self::set_clock`] sets.
    pub async fn has_a_clock_of_its_own(&self) -> anyhow::Result<()> {
        self.run_before_pages(OTHER_CLOCK).await.map(drop)
    }

    /// Sets the terminal's clock, while the page runs: so many hours from the right time.
    pub async fn set_clock(&self, hours: i64) -> anyhow::Result<()> {
        let apart = hours * 3_600_000;
        self.script(&format!("localStorage.setItem('clock', '{apart}')"))
            .await
    }

    /// Lets hours pass for every note: as if the service had been reached so long ago.
    pub async fn pass_hours_for_notes(&self, hours: i64) -> anyhow::Result<()> {
        let earlier = hours * 3_600_000;
        self.script(&format!(
            "return new Promise((done, failed) => {{
               const opening = indexedDB.open('shikaku-notebook');
               opening.onerror = failed;
               opening.onsuccess = () => {{
                 const change = opening.result.transaction('entries', 'readwrite');
                 const kept = change.objectStore('entries');
                 change.oncomplete = () => {{ opening.result.close(); done(); }};
                 kept.openCursor().onsuccess = ({{ target: {{ result: cursor }} }}) => {{
                   if (!cursor) return;
                   const entry = JSON.parse(cursor.value);
                   entry.met_at -= {earlier};
                   cursor.update(JSON.stringify(entry));
                   cursor.continue();
                 }};
               }};
             }})"
        ))
        .await
    }
}
