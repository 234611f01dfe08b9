//! The draft: what was typed, what of it is kept, and what came of keeping it.

use std::time::Duration;

use domain::timestamp::Timestamp;
use domain::usage_report::{ReportField, ReportViolation, UsageReportFields};
use leptos::prelude::*;
use protocol::http::{OpeningId, ProblemCode, UsageReport, UsageReportDraft};

use crate::api::{self, Error};
use crate::clock;
use crate::components::problem::refused;
use crate::dom;
use crate::session::Session;
use crate::task::{Task, sleep};

/// How long nobody types before the draft is kept by itself.
const PAUSE: Duration = Duration::from_secs(3);

/// How often it is looked whether it was kept.
const A_MOMENT: Duration = Duration::from_millis(100);

/// What is kept of what was typed.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Kept {
    /// Everything; since when, if it was done here.
    All(Option<Timestamp>),
    /// Not all of it yet.
    Behind,
    /// Being kept.
    Saving,
    /// Not, because of this.
    Failed(Error),
    /// Somebody else has kept something in between, which must not be lost.
    Changed,
}

/// The draft.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    session: Session,
    id: StoredValue<OpeningId>,
    /// As the service has it.
    pub(super) report: RwSignal<Option<UsageReport>>,
    /// As it was typed here.
    pub(super) fields: RwSignal<UsageReportFields>,
    pub(super) kept: RwSignal<Kept>,
    /// What is wrong with which field.
    pub(super) wrong: RwSignal<Vec<(String, String)>>,
    /// Why it could not be read.
    pub(super) unread: RwSignal<Option<Error>>,
    loading: Task,
    saving: Task,
    pause: StoredValue<Option<TimeoutHandle>>,
}

impl Draft {
    pub(super) fn new(session: Session, id: OpeningId) -> Self {
        let draft = Self {
            session,
            id: StoredValue::new(id),
            report: RwSignal::new(None),
            fields: RwSignal::new(UsageReportFields::default()),
            kept: RwSignal::new(Kept::All(None)),
            wrong: RwSignal::new(Vec::new()),
            unread: RwSignal::new(None),
            loading: Task::new(),
            saving: Task::new(),
            pause: StoredValue::new(None),
        };
        on_cleanup(move || draft.leave());
        draft
    }

    pub(super) fn session(self) -> Session {
        self.session
    }

    pub(super) fn id(self) -> OpeningId {
        self.id.get_value()
    }

    /// Whether anything can still be changed.
    pub(super) fn is_open(self) -> bool {
        self.report.with(|report| {
            report
                .as_ref()
                .is_some_and(|report| report.handed_in_at.is_none())
        })
    }

    /// Asks for the report; what was typed here and is not kept yet stays.
    pub(super) fn load(self) {
        self.loading.run(async move {
            match self.session.call(api::opening::report(&self.id())).await {
                Some(Ok(report)) => self.loaded(report),
                Some(Err(error)) => {
                    self.unread.try_set(Some(error));
                }
                None => {}
            }
        });
    }

    fn loaded(self, report: UsageReport) {
        self.unread.set(None);
        let is_all_kept = self
            .kept
            .with_untracked(|kept| matches!(kept, Kept::All(_)));
        if is_all_kept || report.handed_in_at.is_some() {
            self.take(report);
            return;
        }
        // The version that was typed over stays: another one is told when it is saved.
        self.report.update(|known| {
            let version = known.as_ref().map_or(report.version, |known| known.version);
            *known = Some(UsageReport { version, ..report });
        });
    }

    /// Shows a report as the service has it, fields and all.
    pub(super) fn take(self, report: UsageReport) {
        self.fields.set(report.fields.clone());
        self.report.set(Some(report));
        self.wrong.set(Vec::new());
        self.kept.set(Kept::All(None));
    }

    /// Somebody types.
    pub(super) fn enter(self, field: ReportField, text: String) {
        self.fields.update(|fields| *place(fields, field) = text);
        self.wrong
            .update(|wrong| wrong.retain(|(code, _)| code != field.code()));
        if self.kept.with_untracked(|kept| *kept == Kept::Changed) {
            return;
        }
        self.kept.set(Kept::Behind);
        self.save_soon();
    }

    fn save_soon(self) {
        self.clear_pause();
        let handle = set_timeout_with_handle(move || self.save(), PAUSE);
        self.pause.set_value(handle.ok());
    }

    fn clear_pause(self) {
        let handle = self.pause.try_update_value(Option::take).flatten();
        if let Some(handle) = handle {
            handle.clear();
        }
    }

    /// Keeps the draft.
    pub(super) fn save(self) {
        if self.saving.is_running_untracked() {
            return self.save_soon();
        }
        self.saving.run(async move {
            self.keep().await;
        });
    }

    /// Waits until nothing is being kept: two savings would be made from one version.
    pub(super) async fn settle(self) {
        while self.saving.is_running_untracked() {
            sleep(A_MOMENT).await;
        }
    }

    /// Keeps the draft; whether all of it is kept now. What is wrong is shown.
    pub(super) async fn keep(self) -> bool {
        self.clear_pause();
        let fields = self.fields.get_untracked();
        let violations = fields.violations();
        if !violations.is_empty() {
            return !self.refuse(&violations, false);
        }
        let version = self.version();
        self.kept.set(Kept::Saving);
        let draft = UsageReportDraft {
            fields: fields.clone(),
            version,
        };
        let id = self.id();
        let answer = self.session.call(api::opening::save_report(&id, &draft));
        match answer.await {
            Some(Ok(report)) => {
                self.report.try_set(Some(report));
                let is_all = self.fields.try_with_untracked(|now| *now == fields) == Some(true);
                self.kept.try_set(if is_all {
                    Kept::All(Some(clock::now()))
                } else {
                    Kept::Behind
                });
                if !is_all {
                    self.save_soon();
                }
                is_all
            }
            Some(Err(error)) => {
                self.not_kept(error);
                false
            }
            None => false,
        }
    }

    fn not_kept(self, error: Error) {
        let found = refused(&error, &ReportField::ALL.map(ReportField::code));
        if !found.is_empty() {
            self.wrong.try_set(found);
            self.kept.try_set(Kept::Behind);
        } else if error.code() == Some(ProblemCode::ReportChanged) {
            self.kept.try_set(Kept::Changed);
        } else {
            self.kept.try_set(Kept::Failed(error));
        }
    }

    /// Keeps what is here although somebody else has kept something in between.
    pub(super) fn save_over(self) {
        self.saving.run(async move {
            match self.session.call(api::opening::report(&self.id())).await {
                Some(Ok(report)) => {
                    self.report.try_set(Some(report));
                    self.keep().await;
                }
                Some(Err(error)) => self.not_kept(error),
                None => {}
            }
        });
    }

    /// Takes what somebody else has kept; what is here is gone.
    pub(super) fn give_up(self) {
        self.kept.set(Kept::All(None));
        self.load();
    }

    /// Whether something has to be mended first; it is shown at its field, the first with the
    /// focus if that is wanted.
    pub(super) fn refuse(self, violations: &[ReportViolation], with_focus: bool) -> bool {
        let wrong = violations
            .iter()
            .map(|it| (it.field.code().to_owned(), it.to_string()));
        self.wrong.set(wrong.collect());
        if let (Some(first), true) = (violations.first(), with_focus) {
            dom::focus_soon(first.field.code());
        }
        !violations.is_empty()
    }

    /// The version that what is here was made from.
    pub(super) fn version(self) -> u32 {
        self.report
            .with_untracked(|report| report.as_ref().map_or(0, |report| report.version))
    }

    /// What is not kept yet is kept as the page is left: nobody is there to be told of it.
    fn leave(self) {
        self.clear_pause();
        let is_behind = self.kept.with_untracked(|kept| *kept == Kept::Behind);
        let fields = self.fields.get_untracked();
        if !is_behind || !fields.violations().is_empty() {
            return;
        }
        let (session, id) = (self.session, self.id());
        let draft = UsageReportDraft {
            fields,
            version: self.version(),
        };
        leptos::task::spawn_local(async move {
            session.call(api::opening::save_report(&id, &draft)).await;
        });
    }
}

fn place(fields: &mut UsageReportFields, field: ReportField) -> &mut String {
    match field {
        ReportField::Contact => &mut fields.contact,
        ReportField::FailureFrom => &mut fields.failure_from,
        ReportField::FailureTo => &mut fields.failure_to,
        ReportField::Description => &mut fields.description,
        ReportField::Remark => &mut fields.remark,
    }
}
