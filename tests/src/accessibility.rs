//! What assistive technology needs, checked by axe-core on the page as it is.

use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::json;

use crate::Browser;

/// axe-core, as npm installs it for the workspace.
const AXE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../node_modules/axe-core/axe.min.js"
);

/// WCAG 2.2 AA and the practices around it; `done` gets a line for each violation.
const RUN: &str = "
    const done = arguments[0];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(
      found => done(found.violations.map(rule => rule.id + ': ' + rule.nodes
        .map(node => node.target.join(' ') + ' ' + node.failureSummary).join('; '))),
      error => done([String(error)]))";

/// The element in focus, or one around it that shows the focus for it, has an outline.
const FOCUS_IS_SEEN: &str = "
    let element = document.activeElement;
    if (element === document.body || element.tagName === 'H1') return true;
    for (let up = 0; up < 3 && element; up++, element = element.parentElement) {
      const style = getComputedStyle(element);
      if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) return true;
    }
    return false";

impl Browser {
    /// Fails when axe-core finds a violation on the page as it is now.
    pub async fn is_accessible(&self) -> anyhow::Result<()> {
        if self
            .script::<bool>("return typeof axe === 'undefined'")
            .await?
        {
            let axe = std::fs::read_to_string(Path::new(AXE))
                .context("axe-core is not in node_modules; run: npm ci")?;
            self.driver().execute(axe, Vec::new()).await?;
        }
        let found: Vec<String> = self
            .driver()
            .execute_async(RUN, Vec::new())
            .await?
            .convert()?;
        let place: String = self.script("return location.pathname").await?;
        ensure!(found.is_empty(), "{place}: {found:#?}");
        Ok(())
    }

    /// Whether one can see where the focus is.
    pub async fn shows_its_focus(&self) -> anyhow::Result<bool> {
        self.script(FOCUS_IS_SEEN).await
    }

    /// As with the system's settings for high contrast and for no motion.
    pub async fn prefer_forced_colours_and_no_motion(&self) -> anyhow::Result<()> {
        let features = json!([
            { "name": "forced-colors", "value": "active" },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        let media = json!({ "features": features });
        self.devtools("Emulation.setEmulatedMedia", media)
            .await
            .map(drop)
    }
}
