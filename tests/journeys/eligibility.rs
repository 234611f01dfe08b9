//! 「資格情報確認」 on the desk: copied, and gone after ten minutes.

use anyhow::ensure;
use serde_json::json;
use tests::{Browser, Stack};

/// A 医療扶助 with a ticket; the name holds a character that could not be encoded.
const TICKET: &str = "\
InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,NameKana,Sex1,Birthdate,Address,QualificationDate,PersonIdentifier,TicketType,IssueNumber,MedicalTreatmentMonth,MedicalTicketValidDate,MedicalTreatmentType,SelfPayAmount,InjuryName1,SingleOrCombinedUse,StatusOfInfecton,Remarks1
12010001,架空福祉事務所,A1,7,見本　花●,ﾐﾎﾝ ﾊﾅ,2,19700101,大阪府堺市,20200401,T1,01,12345,202611,20261101,02,1500,架空症,01,02,見本の備考
";

#[tokio::test]
async fn a_ticket_is_shown_and_everything_can_be_copied() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    stack.import(TICKET.as_bytes())?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.enter("氏名（カナ）", "みほん はな").await?;
    browser.enter("生年月日", "1970/1/1").await?;
    browser.choose_sex("女").await?;
    browser.enter("住所", "堺").await?;
    browser.press("検索").await?;
    browser.is_at("資格情報確認").await?;
    let table = [
        ("医療券・調剤券別", "医療券"),
        ("診療年月", "2026/11（令和8年11月）"),
        ("診療別", "入院外"),
        ("本人支払額", "1,500円"),
        ("感染症法第37条の2", "なし"),
        ("備考1", "見本の備考"),
    ];
    for (label, value) in table {
        let shown = browser.value_of(label).await?;
        ensure!(shown.contains(value), "{label}: {shown}");
    }
    browser.sees("文字として表せなかった漢字です").await?;
    browser.is_accessible().await?;

    let permissions = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser
        .devtools("Browser.grantPermissions", permissions)
        .await?;
    browser
        .find("//button[@aria-label='生年月日をコピー']")
        .await?
        .click()
        .await?;
    browser.sees("コピーしました").await?;
    assert_eq!(clipboard(&browser).await?, "1970/01/01");
    browser.press("すべてコピー").await?;
    browser
        .until("return document.querySelector('.toast').textContent === 'コピーしました'")
        .await?;
    let all = clipboard(&browser).await?;
    for line in [
        "資格有効性\t有効",
        "基本／住所\t大阪府堺市",
        "公費／備考1\t見本の備考",
    ] {
        ensure!(
            all.lines().any(|copied| copied == line),
            "{line:?} in {all}"
        );
    }
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn after_ten_minutes_nothing_of_the_person_is_left() -> anyhow::Result<()> {
    // Later than what is tried here: an idle screen would be covered after ten minutes, too.
    let stack = Stack::start_with(&["--lock-after", "20m"])
        .await?
        .opened()?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.search_taro("東京都").await?;
    browser
        .find("//table[@id='candidates']//a")
        .await?
        .click()
        .await?;
    browser.sees("公費").await?;
    pass(&browser, 570).await?;
    browser.sees("まもなく終わります").await?;
    browser.is_accessible().await?;
    pass(&browser, 40).await?;
    browser.sees("資格情報を消しました").await?;
    browser.is_accessible().await?;
    ensure!(!text(&browser).await?.contains("新橋　太郎"));
    browser.press("検索に戻る").await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    browser.sees("検索結果の有効時間（10分）が過ぎた").await?;
    browser.is_gone("//table[@id='candidates']").await?;
    browser.is_accessible().await?;
    assert_eq!(
        browser.field("住所").await?.prop("value").await?.as_deref(),
        Some("東京都")
    );
    browser.press("検索").await?;
    assert_eq!(browser.candidates().await?.1.len(), 2);
    browser.close_after_failed_requests().await
}

/// Every column that a record can have, filled.
const FULL: [(&str, &str); 66] = [
    ("InsuredCardClassification", "A1"),
    ("InsurerNumber", "12010001"),
    ("InsuredCardSymbol", "１２－３"),
    ("InsuredIdentificationNumber", "4567"),
    ("InsuredBranchNumber", "01"),
    ("PersonalFamilyClassification", "2"),
    ("InsuredName", "見本　一郎"),
    ("Name", "見本　花●"),
    ("NameOfOther", "見本　ハナ"),
    ("NameKana", "ﾐﾎﾝ ﾊﾅ"),
    ("NameOfOtherKana", "ﾐﾎﾝ ﾊﾅｺ"),
    ("Sex1", "2"),
    ("Sex2", "3"),
    ("Birthdate", "19500101"),
    (
        "Address",
        "大阪府堺市堺区南瓦町三丁目一番　見本マンション壱番館千二百三号室",
    ),
    ("PostNumber", "590-0078"),
    ("QualificationDate", "20200401"),
    ("DisqualificationDate", "20991231"),
    ("InsuredCertificateIssuanceDate", "20200402"),
    ("InsuredCardValidDate", "20200403"),
    ("InsuredCardExpirationDate", "20991230"),
    ("InsuredPartialContributionRatio", "020"),
    ("PreschoolClassification", "1"),
    ("ReasonOfLoss", "03"),
    ("InsurerName", "架空福祉事務所"),
    ("ElderlyRecipientCertificateDate", "20220801"),
    ("ElderlyRecipientValidStartDate", "20220802"),
    ("ElderlyRecipientValidEndDate", "20270731"),
    ("ElderlyRecipientContributionRatio", "030"),
    ("LimitApplicationCertificateClassification", "02"),
    ("LimitApplicationCertificateClassificationFlag", "B05"),
    ("LimitApplicationCertificateDate", "20240801"),
    ("LimitApplicationCertificateValidStartDate", "20240802"),
    ("LimitApplicationCertificateValidEndDate", "20270731"),
    ("LimitApplicationCertificateLongTermDate", "20240901"),
    ("SpecificDiseasesDiseaseCategory", "1"),
    ("SpecificDiseasesCertificateDate", "20250101"),
    ("SpecificDiseasesValidStartDate", "20250102"),
    ("SpecificDiseasesValidEndDate", "20271231"),
    ("SpecificDiseasesSelfPay", "10000"),
    ("TicketType", "01"),
    ("MedicalTicketValidDate", "20261101"),
    ("MedicalTicketExpirationDate", "20261130"),
    ("IssueNumber", "12345"),
    ("MedicalTreatmentMonth", "202611"),
    ("DesignatedMedicalInstitutionCode", "1311234569"),
    ("DesignatedMedicalInstitutionFlag", "0"),
    ("DesignatedMedicalInstitutionName", "新橋サンプルクリニック"),
    ("PrescriptionIssuerMedicalInstitutionCode", "1311234577"),
    ("PrescriptionIssuerMedicalInstitutionName", "架空内科"),
    ("InjuryName1", "架空症"),
    ("InjuryName2", "見本炎"),
    ("InjuryName3", "例示病"),
    ("MedicalTreatmentType", "02"),
    ("SelfPayAmount", "1500"),
    ("DistrictContactName", "架空　地区"),
    ("HandlingContactName", "架空　取扱"),
    ("SingleOrCombinedUse", "02"),
    ("StatusOfSocialInsurance", "01"),
    ("ConsistencyFlag", "1"),
    ("StatusOfInfecton", "02"),
    ("StatusOfElderlyMedicalCare", "02"),
    ("StatusOfPrefecturalExpenses", "01"),
    ("Remarks1", "見本の備考"),
    ("Remarks2", "二つ目の備考"),
    ("Remarks3", "三つ目の備考"),
];

#[tokio::test]
async fn a_sheet_of_a4_is_enough_for_a_full_record() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let line = |cells: Vec<&str>| cells.join(",") + "\n";
    let names = line(FULL.iter().map(|(name, _)| *name).collect());
    let values = line(FULL.iter().map(|(_, value)| *value).collect());
    stack.import([names, values].concat().as_bytes())?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.enter("氏名（カナ）", "みほん はな").await?;
    browser.enter("生年月日", "1950/1/1").await?;
    browser.choose_sex("女").await?;
    browser.enter("住所", "堺").await?;
    browser.press("検索").await?;
    browser.sees("三つ目の備考").await?;
    let page = json!({ "preferCSSPageSize": true, "printBackground": true });
    let answer = browser.devtools("Page.printToPDF", page).await?;
    let pdf = answer["data"].as_str().unwrap_or_default();
    let count: u32 = browser
        .script(&format!(
            "return atob('{pdf}').match(/\\/Type\\s*\\/Page\\b/g).length"
        ))
        .await?;
    assert_eq!(count, 1, "sheets");
    browser.close_after_failed_requests().await
}

/// Lets this terminal's clock go ahead, as when the machine slept.
async fn pass(browser: &Browser, seconds: u32) -> anyhow::Result<()> {
    let script = format!("const now = Date.now; Date.now = () => now() + {seconds} * 1000");
    browser.script(&script).await
}

async fn text(browser: &Browser) -> anyhow::Result<String> {
    browser.script("return document.body.textContent").await
}

async fn clipboard(browser: &Browser) -> anyhow::Result<String> {
    let read = "navigator.clipboard.readText().then(arguments[0])";
    let driver = browser.driver();
    Ok(driver.execute_async(read, Vec::new()).await?.convert()?)
}
