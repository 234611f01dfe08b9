//! The report as plain text.

use super::lines::{columns, padded, wrapped};
use super::{ReportField, SUBJECT, Usage, UsageReportFields};
use crate::identifier::MedicalInstitutionCode;
use crate::opening::{Cause, Period};
use crate::timestamp::Timestamp;

/// The columns of a heading in front of what it names.
const HEADING: usize = 20;
/// The columns of a row's name, and of each figure after it.
const ROW: usize = 24;
const FIGURE: usize = 18;

/// Everything that the report says.
#[derive(Debug, Clone)]
pub struct UsageReport {
    /// 医療機関コード.
    pub medical_institution_code: MedicalInstitutionCode,
    /// 医療機関・薬局名.
    pub institution_name: String,
    /// Why the function was asked for.
    pub cause: Cause,
    /// From when to when it was open.
    pub period: Period,
    /// What was done with it.
    pub usage: Usage,
    /// What the institution adds.
    pub fields: UsageReportFields,
}

impl UsageReport {
    /// The report, in lines of at most 78 columns that end with LF. No patient is named, unless
    /// the institution does it.
    pub fn text(&self) -> String {
        let mut lines = vec![SUBJECT.to_owned(), String::new()];
        lines.push("利用報告書".to_owned());
        lines.push("緊急時医療情報・資格確認機能（資格情報照会（システム障害時））".to_owned());
        lines.push(String::new());
        lines.extend(self.particulars());
        lines.extend(self.section(ReportField::Description));
        lines.extend(self.counts());
        lines.extend(self.section(ReportField::Remark));
        lines.push(String::new());
        lines.push("検索回数と人数は、監査証跡から集計したものです。".to_owned());
        lines.push("人数は、資格情報確認を表示した方の実人数です。".to_owned());
        lines.push(String::new());
        lines.join("\n")
    }

    fn particulars(&self) -> Vec<String> {
        let period = format!(
            "{} ～ {}",
            minute(self.period.starts_at),
            minute(self.period.ends_at)
        );
        let field = |field: ReportField| (field.label(), self.fields.get(field).trim());
        let rows = [
            ("医療機関コード", self.medical_institution_code.as_str()),
            ("医療機関・薬局名", self.institution_name.as_str()),
            field(ReportField::Contact),
            ("利用の理由", self.cause.label()),
            field(ReportField::FailureFrom),
            field(ReportField::FailureTo),
            ("開放期間", &period),
        ];
        rows.into_iter()
            .flat_map(|(heading, value)| row(heading, value))
            .collect()
    }

    fn section(&self, field: ReportField) -> Vec<String> {
        let mut lines = vec![String::new(), format!("■{}", field.label())];
        match self.fields.get(field).trim() {
            "" => lines.push("　なし".to_owned()),
            text => lines.extend(wrapped(text, "　")),
        }
        lines
    }

    fn counts(&self) -> Vec<String> {
        let usage = &self.usage;
        let mut lines = vec![String::new(), "■利用状況（日別）".to_owned()];
        if usage.days.is_empty() {
            lines.push("　この期間の利用はありません".to_owned());
            return lines;
        }
        lines.push(figures("日付", "検索回数", "人数"));
        for day in &usage.days {
            lines.push(counted(&day.date.slashed(), day.searches, day.persons));
        }
        lines.push(counted("合計（実人数）", usage.searches(), usage.persons));
        lines.push(String::new());
        lines.push("■利用状況（ユーザID別）".to_owned());
        lines.push(figures("ユーザID", "検索回数", "人数"));
        for user in &usage.users {
            lines.push(counted(user.user_id.as_str(), user.searches, user.persons));
        }
        lines
    }
}

/// A heading and what it names; further lines of it stand below its first.
fn row(heading: &str, value: &str) -> Vec<String> {
    let below = padded("", HEADING + 2);
    let mut lines = wrapped(value, &below);
    if let Some(first) = lines.first_mut() {
        *first = format!("{}：{}", padded(heading, HEADING), first.trim_start());
    }
    lines
}

fn counted(name: &str, searches: u32, persons: u32) -> String {
    figures(name, &format!("{searches}回"), &format!("{persons}人"))
}

/// A row of a table: a name and two figures, set to the right.
fn figures(name: &str, searches: &str, persons: &str) -> String {
    let right = |text: &str| format!("{}{text}", " ".repeat(FIGURE.saturating_sub(columns(text))));
    let gap = " ".repeat(ROW.saturating_sub(columns(name)));
    format!("　{name}{gap}{}{}", right(searches), right(persons))
}

/// `2026/11/22 12:34`.
fn minute(at: Timestamp) -> String {
    let text = at.tokyo_text();
    text.rsplit_once(':')
        .map_or(text.clone(), |(minute, _)| minute.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage_report::lines::MOST_COLUMNS;
    use crate::usage_report::{UsageByUser, UsageDay};

    fn report() -> UsageReport {
        let at = |hours: i64| {
            let day = "2026-11-20".parse().unwrap();
            Timestamp::start_of_tokyo_day(day).plus_seconds(hours * 3600)
        };
        UsageReport {
            medical_institution_code: "1311234569".parse().unwrap(),
            institution_name: "新橋医院".to_owned(),
            cause: Cause::Line,
            period: Period {
                starts_at: at(10),
                ends_at: at(34).plus_seconds(90),
            },
            usage: Usage {
                days: vec![
                    UsageDay {
                        date: "2026-11-20".parse().unwrap(),
                        searches: 12,
                        persons: 8,
                    },
                    UsageDay {
                        date: "2026-11-21".parse().unwrap(),
                        searches: 1,
                        persons: 1,
                    },
                ],
                users: vec![UsageByUser {
                    user_id: "staff".parse().unwrap(),
                    searches: 13,
                    persons: 8,
                }],
                persons: 8,
            },
            fields: UsageReportFields {
                contact: "資格　花子".to_owned(),
                failure_from: "2026/11/20 9:30ごろ".to_owned(),
                failure_to: "復旧していない".to_owned(),
                description: "光回線の終端装置が故障した。\r\n交換を依頼中。".to_owned(),
                remark: String::new(),
            },
        }
    }

    #[test]
    fn the_report_reads_as_a_form() {
        let expected = "\
システム障害時機能の利用報告

利用報告書
緊急時医療情報・資格確認機能（資格情報照会（システム障害時））

医療機関コード　　　：1311234569
医療機関・薬局名　　：新橋医院
担当者名　　　　　　：資格　花子
利用の理由　　　　　：ネットワーク回線の障害
障害の発生日時　　　：2026/11/20 9:30ごろ
障害の復旧日時　　　：復旧していない
開放期間　　　　　　：2026/11/20 10:00 ～ 2026/11/21 10:01

■障害の内容・原因
　光回線の終端装置が故障した。
　交換を依頼中。

■利用状況（日別）
　日付                              検索回数              人数
　2026/11/20                            12回               8人
　2026/11/21                             1回               1人
　合計（実人数）                        13回               8人

■利用状況（ユーザID別）
　ユーザID                          検索回数              人数
　staff                                 13回               8人

■補足
　なし

検索回数と人数は、監査証跡から集計したものです。
人数は、資格情報確認を表示した方の実人数です。
";
        assert_eq!(report().text(), expected);
    }

    #[test]
    fn no_line_is_too_wide_for_mail() {
        let mut report = report();
        report.institution_name = "医療法人社団".repeat(13);
        report.usage.days.clear();
        let long = "障害、".repeat(300);
        report.fields.description.clone_from(&long);
        report.fields.remark = "a".repeat(1000);
        report.fields.failure_from = "９".repeat(40);
        let text = report.text();
        assert!(text.contains("この期間の利用はありません"));
        for line in text.lines() {
            assert!(columns(line) <= MOST_COLUMNS, "{line}");
        }
        assert_eq!(text.matches('障').count(), 300 + 6);
    }
}
