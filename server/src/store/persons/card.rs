//! What tells a person's coverages apart.

use domain::coverage::Coverage;
use domain::date::Date;
use domain::fold;

/// Insurer, symbol, number, branch and first day.
pub(in crate::store) fn coverage_key(coverage: &Coverage) -> String {
    let day = coverage.first_day().map(Date::to_interface);
    format!("{}:{}", card(coverage), day.unwrap_or_default())
}

/// The card's numbers, folded as claims compare them (`facts/domain.md` §2.7).
pub(crate) fn card(coverage: &Coverage) -> String {
    let folded = |text: &Option<String>| text.as_deref().map(fold::name).unwrap_or_default();
    let number = folded(&coverage.insured_identification_number);
    format!(
        "{}:{}:{}:{}",
        coverage.insurer_number,
        folded(&coverage.insured_card_symbol),
        number.trim_start_matches('0'),
        folded(&coverage.insured_branch_number),
    )
}
