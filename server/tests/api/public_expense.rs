//! 公費: a 医療券 from a file to the answer.

use domain::code::TicketType;
use domain::search::SearchForm;

use crate::harness::Service;

const FILE: &str = "\
InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,Sex1,Birthdate,Address,TicketType,MedicalTreatmentMonth,SelfPayAmount,InjuryName1,InjuryName3,StatusOfInfecton
12010001,架空福祉事務所,A1,7,見本　花子,2,19700101,大阪府堺市,01,202611,1500,架空症,見本炎,02
";

fn form() -> SearchForm {
    SearchForm {
        name: "見本花子".to_owned(),
        birthdate: "1970/1/1".to_owned(),
        sex1: "2".to_owned(),
        address: "堺".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    }
}

#[tokio::test]
async fn a_ticket_comes_back_as_it_was_imported() {
    let service = Service::opened().await;
    let summary = service.import(FILE);
    assert_eq!((summary.added, summary.rejected), (1, 0));
    let client = service.log_in("staff").await;
    let eligibility = client.eligibility(&form()).await;
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

#[tokio::test]
async fn a_row_holds_several_tickets_and_certificates() {
    let service = Service::opened().await;
    let several = "TicketType[2],MedicalTreatmentMonth[2],InjuryName1[2],TicketType[3],SpecificDiseasesDiseaseCategory,SpecificDiseasesDiseaseCategory[2]";
    let (header, row) = FILE.trim_end().split_once('\n').unwrap();
    let file = format!("{header},{several}\n{row},02,202612,別の架空症,,1,2\n");
    assert_eq!(service.import(&file).added, 1);
    let client = service.log_in("staff").await;
    let eligibility = client.eligibility(&form()).await;
    let coverage = &eligibility.coverages[0];
    let tickets = coverage.public_expense_result_list.iter();
    let tickets: Vec<_> = tickets
        .map(|ticket| (ticket.ticket_type, ticket.injury_names.join(" ")))
        .collect();
    let expected = [
        (TicketType::MedicalTicket, "架空症 見本炎".to_owned()),
        (TicketType::DispensingTicket, "別の架空症".to_owned()),
    ];
    assert_eq!(tickets, expected);
    assert_eq!(coverage.specific_diseases_certificate_list.len(), 2);

    let summary = service.import(file.replace("202612", "202613"));
    assert_eq!(summary.rejected, 1);
    let rejected = std::fs::read_to_string(service.path("insured.rejected.csv")).unwrap();
    assert!(
        rejected.contains("2,MedicalTreatmentMonth[2],"),
        "{rejected}"
    );
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
