//! A passkey's device that is part of the browser (`DevTools`, domain `WebAuthn`).

use anyhow::Context as _;
use serde_json::json;

use crate::Browser;

/// A device with a finger on it, as far as the browser sees.
pub struct Device<'a> {
    browser: &'a Browser,
    id: String,
}

impl Browser {
    /// Gives the browser a device of its own that says yes at once.
    pub async fn device(&self) -> anyhow::Result<Device<'_>> {
        self.devtools("WebAuthn.enable", json!({})).await?;
        let options = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
            "automaticPresenceSimulation": true,
        });
        let added = self
            .devtools(
                "WebAuthn.addVirtualAuthenticator",
                json!({ "options": options }),
            )
            .await?;
        let id = added["authenticatorId"].as_str();
        let id = id.context("the browser gave the device no id")?.to_owned();
        Ok(Device { browser: self, id })
    }
}

impl Device<'_> {
    /// Whether it says something from now on, or waits for somebody to touch it.
    pub async fn answers(&self, is_enabled: bool) -> anyhow::Result<()> {
        let arguments = json!({ "authenticatorId": self.id, "enabled": is_enabled });
        let command = "WebAuthn.setAutomaticPresenceSimulation";
        self.browser.devtools(command, arguments).await.map(drop)
    }

    /// Whether the right finger is on it from now on.
    pub async fn recognises(&self, is_verified: bool) -> anyhow::Result<()> {
        let arguments = json!({ "authenticatorId": self.id, "isUserVerified": is_verified });
        let command = "WebAuthn.setUserVerified";
        self.browser.devtools(command, arguments).await.map(drop)
    }
}
