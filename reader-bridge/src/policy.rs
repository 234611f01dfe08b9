//! Browser policies that let a page use readers, and reach this bridge, without anybody being asked.
//!
//! | policy | lets the page | since |
//! |---|---|---|
//! | `WebUsbAllowDevicesForUrls` | use readers over `WebUSB` | Chrome 74, Edge 77 |
//! | `WebHidAllowDevicesForUrls` | use readers and the staff button over `WebHID` | Chrome 100, Edge 109 |
//! | `LoopbackNetworkAllowedForUrls` | reach the bridge | Chrome and Edge 146 |
//! | Firefox: `LocalNetworkAccess.SkipDomains` | reach the bridge | Firefox 151 |
//!
//! Sources: Chromium's `components/policy/resources/templates/policy_definitions`, Microsoft's
//! list of Edge policies, Mozilla's reference for administrators.

mod files;
mod profile;
mod registry;
mod usb;

use card::reader::{Medium, Model};
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::door::origin::Origin;

pub use files::PolicyFile;
pub use usb::{NotUsbNumbers, UsbNumbers};

/// Elgato's number as a vendor of USB devices: the Stream Decks, which are staff buttons.
pub(crate) const ELGATO: UsbNumbers = UsbNumbers {
    vendor: 0x0FD9,
    product: None,
};

/// What policies are to grant to which pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grants {
    origins: Vec<Origin>,
    hid: Vec<UsbNumbers>,
}

/// Nothing can be granted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotGrantable {
    /// No page is known.
    #[error(
        "画面の接続元が分かりません。--origin https://clinic.example のように指定してください \
         / no page is known; name its origin with --origin"
    )]
    NoOrigin,
    /// Browsers have neither `WebUSB` nor `WebHID` nor the permission for such a page.
    #[error(
        "{0} は https ではないため、ブラウザーはポリシーがあっても許可しません。画面を https で配信し、\
         その接続元を --origin で指定してください / not a secure context; serve the page over https"
    )]
    Insecure(Origin),
}

impl Grants {
    /// For pages of those origins; `hid` are devices beyond those that are known here.
    ///
    /// # Errors
    ///
    /// If there is no origin, or one of which browsers would ignore the policies.
    pub fn new(origins: &[Origin], hid: &[UsbNumbers]) -> Result<Self, NotGrantable> {
        if origins.is_empty() {
            return Err(NotGrantable::NoOrigin);
        }
        let insecure = |origin: &&Origin| !origin.is_secure() && !origin.is_loopback();
        if let Some(insecure) = origins.iter().find(insecure) {
            return Err(NotGrantable::Insecure(insecure.clone()));
        }
        Ok(Self {
            origins: origins.to_vec(),
            hid: hid.to_vec(),
        })
    }

    /// Whether readers are missing because nobody knows their numbers: BALTECH's documents
    /// tell none.
    pub fn lacks_hid_readers(&self) -> bool {
        let is_unknown =
            |model: &Model| model.medium() == Medium::WebHid && model.usb_numbers().is_empty();
        self.hid.is_empty() && Model::ALL.iter().any(is_unknown)
    }

    /// The policies of Chromium and its kin, by name.
    pub fn chromium(&self) -> Map<String, Value> {
        let mut policies = Map::new();
        policies.insert(
            "WebUsbAllowDevicesForUrls".to_owned(),
            self.devices(readers(Medium::WebUsb)),
        );
        let hid = readers(Medium::WebHid)
            .chain([ELGATO])
            .chain(self.hid.iter().copied());
        policies.insert("WebHidAllowDevicesForUrls".to_owned(), self.devices(hid));
        let remote: Vec<_> = self.remote().map(Origin::with_port).collect();
        if !remote.is_empty() {
            policies.insert("LoopbackNetworkAllowedForUrls".to_owned(), json!(remote));
        }
        policies
    }

    /// The policies of Firefox, if it needs any. `Enabled` is left unsaid: saying it
    /// switches the blocking of trackers on as well, and `SkipDomains` holds without it.
    pub fn firefox(&self) -> Option<Value> {
        // A loopback name here would open this machine to every page.
        let mut hosts: Vec<_> = self.remote().map(Origin::host).collect();
        hosts.dedup();
        if hosts.is_empty() {
            return None;
        }
        Some(json!({"policies": {"LocalNetworkAccess": {"SkipDomains": hosts}}}))
    }

    /// Origins of other machines: pages of this one may reach it anyway.
    fn remote(&self) -> impl Iterator<Item = &Origin> {
        self.origins.iter().filter(|origin| !origin.is_loopback())
    }

    fn devices(&self, devices: impl Iterator<Item = UsbNumbers>) -> Value {
        let devices: Vec<_> = devices.map(UsbNumbers::to_json).collect();
        let urls: Vec<_> = self.origins.iter().map(Origin::to_string).collect();
        json!([{"devices": devices, "urls": urls}])
    }
}

/// Numbers of the readers that a page drives by one way.
fn readers(medium: Medium) -> impl Iterator<Item = UsbNumbers> {
    let models = Model::ALL.into_iter();
    let models = models.filter(move |model| model.medium() == medium);
    models
        .flat_map(|model| model.usb_numbers())
        .map(|(vendor, product)| UsbNumbers {
            vendor: *vendor,
            product: Some(*product),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn grants(origins: &[&str], hid: &[&str]) -> Result<Grants, NotGrantable> {
        let origins: Vec<_> = origins.iter().map(|text| text.parse().unwrap()).collect();
        let hid: Vec<_> = hid.iter().map(|text| text.parse().unwrap()).collect();
        Grants::new(&origins, &hid)
    }

    #[test]
    fn every_reader_is_granted_to_the_page_and_to_no_other() {
        let granted = grants(&["https://clinic.example"], &["1fc9:0001"]).unwrap();
        assert_eq!(
            Value::Object(granted.chromium()),
            json!({
                "WebUsbAllowDevicesForUrls": [{
                    "devices": [
                        {"vendor_id": 1356, "product_id": 1729},
                        {"vendor_id": 1356, "product_id": 1731},
                        {"vendor_id": 1356, "product_id": 3528},
                        {"vendor_id": 1356, "product_id": 3529},
                        {"vendor_id": 1356, "product_id": 3471},
                    ],
                    "urls": ["https://clinic.example"],
                }],
                "WebHidAllowDevicesForUrls": [{
                    "devices": [{"vendor_id": 4057}, {"vendor_id": 8137, "product_id": 1}],
                    "urls": ["https://clinic.example"],
                }],
                "LoopbackNetworkAllowedForUrls": ["https://clinic.example:443"],
            })
        );
    }

    #[test]
    fn what_browsers_would_ignore_is_refused() {
        let insecure = "http://clinic.example";
        let table = [
            (vec![], Err(NotGrantable::NoOrigin)),
            (vec!["https://clinic.example"], Ok(())),
            (vec!["http://localhost:8080"], Ok(())),
            (
                vec!["https://clinic.example", insecure],
                Err(NotGrantable::Insecure(insecure.parse().unwrap())),
            ),
        ];
        for (origins, expected) in table {
            assert_eq!(grants(&origins, &[]).map(drop), expected, "{origins:?}");
        }
    }

    #[test]
    fn this_machine_is_opened_to_the_named_pages_only() {
        let skipped = |origins: &[&str]| grants(origins, &[]).unwrap().firefox();
        let table = [
            (vec!["http://127.0.0.1:8080"], None),
            (
                vec!["http://localhost:8080", "https://clinic.example"],
                Some(vec!["clinic.example"]),
            ),
            (
                vec!["https://clinic.example", "https://clinic.example:8443"],
                Some(vec!["clinic.example"]),
            ),
        ];
        for (origins, hosts) in table {
            let expected = hosts
                .map(|hosts| json!({"policies": {"LocalNetworkAccess": {"SkipDomains": hosts}}}));
            assert_eq!(skipped(&origins), expected, "{origins:?}");
        }
        let local = grants(&["http://127.0.0.1:8080"], &[]).unwrap().chromium();
        assert!(!local.contains_key("LoopbackNetworkAllowedForUrls"));
    }

    #[test]
    fn readers_without_known_numbers_are_told_of() {
        let lacks = |hid: &[&str]| {
            let granted = grants(&["https://clinic.example"], hid);
            granted.unwrap().lacks_hid_readers()
        };
        assert!(lacks(&[]));
        assert!(!lacks(&["1fc9"]));
    }
}
