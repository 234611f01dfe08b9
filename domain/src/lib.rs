//! The field's nouns and rules: pure, without I/O, clock or randomness.
//!
//! Glossary (one term per concept, in code, SQL, wire and documents):
//!
//! | 日本語 | here |
//! |---|---|
//! | 資格確認 | eligibility confirmation: [`eligibility`] |
//! | 資格 | coverage: [`coverage::Coverage`] |
//! | 被保険者 | insured person |
//! | 保険者 | insurer |
//! | 医療機関・薬局 | institution: [`identifier::MedicalInstitutionCode`] |
//! | 資格確認日 | qualification confirmation date |
//! | 緊急時医療情報・資格確認機能 | emergency function |
//! | 資格情報照会（システム障害時） | emergency search: [`search`] |
//! | 開放・利用設定 | opening: [`opening::Opening`] |
//! | 利用報告書 | usage report: [`usage_report`] |
//! | 請求の案内（「不詳」で請求するとき） | claim guidance: [`claim_guidance`] |
//! | 目視確認 | visual confirmation: [`visual_confirmation`] |
//! | 目視確認用パスコード | passcode: [`passcode::Passcode`] |
//! | 同意 | consent: [`consent::Consent`] |
//! | カード提示 | card presentation: [`card_presentation`] |
//! | 顔認証付きカードリーダーの画面 | reader screen |
//! | 資格確認端末 | terminal |
//! | パスキー | passkey: [`passkey`] |
//! | 職員・管理者・実施機関 | staff, administrator, operator: [`account::Role`] |
//!
//! Field names are the `snake_case` of the interface specification's element
//! names (`ResultOfQualificationConfirmation`), code tables are its `OQSCDnnn`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod account;
pub mod audit;
pub mod card_presentation;
pub mod claim_guidance;
pub mod code;
pub mod consent;
pub mod coverage;
pub mod date;
pub mod eligibility;
pub mod fold;
pub mod identifier;
pub mod log_in;
mod mask;
#[cfg(feature = "openapi")]
mod openapi;
pub mod opening;
pub mod passcode;
pub mod passkey;
pub mod password;
pub mod reception;
pub mod search;
pub mod session;
pub mod text;
pub mod timestamp;
pub mod usage_report;
pub mod visual_confirmation;
