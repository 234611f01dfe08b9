//! The whole page as text for other programs: a label and a value a line, with a
//! tab between them.

use protocol::http::Eligibility;

use super::{Group, Row, groups};

/// The judgement, how it came about, and all that is registered of the coverage it is about.
pub(in super::super) fn everything(eligibility: &Eligibility) -> String {
    let judgement = &eligibility.judgement;
    let day = eligibility.qualification_confirmation_date.slashed();
    let mut text = String::new();
    line(&mut text, "資格確認日", &day);
    line(
        &mut text,
        "資格有効性",
        judgement.qualification_validity.label(),
    );
    line(&mut text, "理由", &judgement.reason.text());
    let shown = judgement
        .shown
        .and_then(|index| eligibility.coverages.get(index));
    if let Some(presentation) = &eligibility.presentation {
        text.push_str(&in_groups(super::presentation(presentation)));
    }
    if let Some(coverage) = shown {
        text.push_str(&in_groups(groups(coverage)));
    }
    text
}

/// Labels repeat from group to group, so each is told by its group.
fn in_groups(groups: Vec<Group>) -> String {
    let mut text = String::new();
    for group in groups {
        for Row { label, value } in group.parts.into_iter().flatten() {
            if let Some(value) = value {
                line(
                    &mut text,
                    &[group.title, "／", label].concat(),
                    value.copied(),
                );
            }
        }
    }
    text
}

fn line(text: &mut String, label: &str, value: &str) {
    text.extend([label, "\t", value, "\n"]);
}
