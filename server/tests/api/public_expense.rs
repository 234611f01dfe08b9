//! 公費: a 医療券 from a file to the answer.

use domain::code::TicketType;
use domain::search::SearchForm;

use crate::harness::Service;

const FILE: &str = "\
InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,Sex1,Birthdate,Address,TicketType,MedicalTreatmentMonth,SelfPayAmount,InjuryName1,InjuryName3,StatusOfInfecton
12010001,架空福祉事務所,A1,7,見本　花子,2,19700101,大阪府堺市,01,202611,1500,架空症,見本炎,02
";

#[tokio::test]
async fn a_ticket_comes_back_as_it_was_imported() {
    let service = Service::new();
    let summary = service.import(FILE);
    assert_eq!((summary.added, summary.rejected), (1, 0));
    let form = SearchForm {
        name: "見本花子".to_owned(),
        birthdate: "1970/1/1".to_owned(),
        sex1: "2".to_owned(),
        address: "堺".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    };
    let client = service.log_in("staff").await;
    let eligibility = client.eligibility(&form).await;
    assert_eq!(eligibility.expires_in_seconds, 600);
    let [ticket] = eligibility.coverages[0]
        .public_expense_result_list
        .as_slice()
    else {
        panic!("one ticket");
    };
    assert_eq!(ticket.ticket_type, TicketType::MedicalTicket);
    assert_eq!(ticket.injury_names, ["架空症", "見本炎"]);
    assert_eq!(ticket.self_pay_amount, Some(1500));
    let month = ticket
        .medical_treatment_month
        .map(|month| month.to_string());
    assert_eq!(month.as_deref(), Some("202611"));
}

#[test]
fn a_code_or_month_that_does_not_exist_is_refused_by_name() {
    for (good, bad) in [
        ("01,202611", "09,202611"),
        ("202611", "202613"),
        ("1500", "千"),
    ] {
        let service = Service::new();
        let summary = service.import(FILE.replace(good, bad));
        assert_eq!((summary.added, summary.rejected), (0, 1), "{bad}");
    }
}
