//! The demo's register of institutions: its own clinic, and invented ones around it.
//!
//! Telephone numbers are of exchanges that begin with 0, which there are none of.

use domain::audit::Action;
use domain::identifier::MedicalInstitutionCode;

use super::ACCOUNTS;
use crate::clock::Clock;
use crate::institutions;
use crate::store::{AuditEvent, Audited, Registration, Store, StoreError, Writer};

/// Where the invented ones are.
const TOWNS: [&str; 10] = [
    "汐留", "芝浦", "三田", "高輪", "白金", "麻布", "赤坂", "青山", "月島", "佃",
];

/// 点数表番号 and what such an institution is called: medicine, dentistry, pharmacy.
const KINDS: [(u32, &str); 3] = [
    (1, "サンプル医院"),
    (3, "サンプル歯科"),
    (4, "サンプル薬局"),
];

/// Writes those into the register that are not there; what somebody changed stays.
pub fn register(store: &Store, clock: &dyn Clock) -> Result<(), StoreError> {
    let wanted: Vec<_> = own().into_iter().chain(around()).collect();
    let missing = store.read_blocking(|reader| {
        let mut missing = Vec::new();
        for new in wanted {
            let known = reader.registered_institution(&new.medical_institution_code)?;
            if known.is_none_or(|known| known.registered.telephone.is_none()) {
                missing.push(new);
            }
        }
        Ok::<_, StoreError>(missing)
    })?;
    if missing.is_empty() {
        return Ok(());
    }
    let work = |writer: &Writer<'_>| {
        for new in &missing {
            institutions::register(writer, new, None)?;
        }
        let outcome = format!("added:{} changed:0 unchanged:0", missing.len());
        let event = AuditEvent::new(Action::InstitutionsImported, None).outcome(outcome);
        Ok(Audited::new((), event))
    };
    store.write_blocking(clock.now(), work)
}

/// The clinic that the demo's accounts are of.
fn own() -> Option<Registration> {
    let (_, _, code, name) = ACCOUNTS[0];
    institution(
        code.parse().ok()?,
        name,
        "03-0000-1000",
        "shimbashi@example.jp",
    )
}

fn around() -> impl Iterator<Item = Registration> {
    let places = KINDS
        .iter()
        .flat_map(|kind| TOWNS.iter().map(move |town| (kind, town)));
    places
        .zip(1_u32..)
        .filter_map(|((&(kind, called), town), number)| {
            institution(
                code(kind, number)?,
                &format!("{town}{called}"),
                &format!("03-0000-{:04}", 2000 + number),
                &format!("sample{number:02}@example.jp"),
            )
        })
}

/// In Tokyo (13), in the demo's own district, with the check digit that fits.
fn code(kind: u32, number: u32) -> Option<MedicalInstitutionCode> {
    let codes = (0..10).filter_map(|digit| format!("13{kind}12{number:04}{digit}").parse().ok());
    let mut codes = codes.filter(MedicalInstitutionCode::has_valid_check_digit);
    codes.next()
}

fn institution(
    code: MedicalInstitutionCode,
    name: &str,
    telephone: &str,
    email: &str,
) -> Option<Registration> {
    institutions::parse(code, name, telephone, email).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_can_be_registered() {
        let all: Vec<_> = own().into_iter().chain(around()).collect();
        let mut codes: Vec<_> = all.iter().map(|it| &it.medical_institution_code).collect();
        assert!(codes.iter().all(|code| code.has_valid_check_digit()));
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 31);
    }
}
