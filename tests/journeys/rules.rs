//! The form's rules, each of them broken, and how a search can end.

use anyhow::ensure;
use tests::{Browser, Stack};
use thirtyfour::Key;

#[tokio::test]
async fn every_rule_is_said_beside_its_field() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.enter("資格確認日", "").await?;
    browser.press("検索").await?;

    browser.sees("入力内容を確認してください（5件）").await?;
    browser
        .until("return document.activeElement.id === 'error-summary'")
        .await?;
    let table = [
        ("name", "氏名、氏名（カナ）のどちらか一方は入力してください"),
        ("birthdate", "生年月日を入力してください"),
        ("sex1", "男、女のどちらかを選んでください"),
        ("address", "住所、保険者名のどちらか一方は入力してください"),
        (
            "qualification_confirmation_date",
            "資格確認日を入力してください",
        ),
    ];
    for (id, text) in table {
        assert_eq!(browser.error_of(id).await?, text);
    }
    browser
        .find("//a[contains(., '生年月日を入力')]")
        .await?
        .click()
        .await?;
    browser
        .until("return document.activeElement.id === 'birthdate'")
        .await?;

    browser.enter("生年月日", "昭和64年1月8日").await?;
    browser.enter("資格確認日", "2999/1/1").await?;
    browser.enter("氏名（カナ）", "新橋").await?;
    let table = [
        ("name_kana", "カナ（ひらがな、カタカナ）または英字"),
        ("birthdate", "昭和64年は1月7日までです"),
        ("qualification_confirmation_date", "2199年まで"),
    ];
    for (id, text) in table {
        let error = browser.error_of(id).await?;
        ensure!(error.contains(text), "{id}: {error}");
    }

    browser.enter("氏名（カナ）", "しんばし たろう").await?;
    browser.enter("生年月日", "Ｒ３．３．２６").await?;
    browser.choose_sex("男").await?;
    browser.enter("保険者名", "ｻﾝﾌﾟﾙ").await?;
    browser.enter("資格確認日", "令和8年11月1日").await?;
    browser.is_gone("//*[@id='error-summary']").await?;
    browser.press("検索").await?;
    browser.is_at("資格情報確認").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn dates_are_understood_and_shown_in_both_calendars() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    let typed = [
        "1985/4/1",
        "1985-04-01",
        "19850401",
        "昭和60年4月1日",
        "S60.4.1",
        "s600401",
        "１９８５／４／１",
        "Ｓ６０．４．１",
    ];
    for text in typed {
        browser.enter("生年月日", text).await?;
        let echo = browser.echo_of("生年月日").await?;
        ensure!(
            echo.contains("1985/04/01") && echo.contains("昭和60年4月1日"),
            "{text}: {echo}"
        );
    }
    let today = browser.echo_of("資格確認日").await?;
    ensure!(
        today.contains("令和"),
        "the confirmation date is today unless changed: {today}"
    );
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn nobody_and_too_many_say_what_to_change() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let header = "InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,Sex1,Birthdate,Address,PersonIdentifier\n";
    let row = |n: usize| {
        format!("06130488,架空電機健康保険組合,01,{n},佐藤　葵,1,20210326,東京都港区{n}番,P{n}\n")
    };
    let csv: String = std::iter::once(header.to_owned())
        .chain((0..51).map(row))
        .collect();
    stack.import(csv.as_bytes())?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.search_taro("大阪府").await?;
    browser
        .sees("該当する資格情報が見つかりませんでした")
        .await?;

    browser.press("保険者名だけで検索する").await?;
    browser
        .until("return document.activeElement.id === 'insurer_name'")
        .await?;

    browser.enter("氏名", "佐藤葵").await?;
    browser.enter("住所", "東京都").await?;
    browser.press("検索").await?;
    browser.sees("50人を超えるため").await?;
    browser.is_gone("//table[@id='candidates']").await?;
    browser.press("「住所」を入力する").await?;
    browser
        .until("return document.activeElement.id === 'address'")
        .await?;

    browser.enter("住所", "港区50番").await?;
    browser.press("検索").await?;
    browser.is_at("資格情報確認").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn lost_coverage_and_unencodable_names_are_shown_not_hidden() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let csv = "\
InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,NameKana,Sex1,Birthdate,Address,QualificationDate,DisqualificationDate,ReasonOfLoss,PersonIdentifier
06130488,架空電機健康保険組合,01,1,●藤　花子,ｻﾄｳ ﾊﾅｺ,2,19700101,大阪府堺市,20100401,20200331,03,L1
";
    stack.import(csv.as_bytes())?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.enter("氏名", "佐藤 花子").await?;
    browser.enter("生年月日", "1970/1/1").await?;
    browser.choose_sex("女").await?;
    browser.enter("住所", "堺").await?;
    browser.press("検索").await?;
    browser.is_at("資格情報確認").await?;
    browser.find("//h2[normalize-space(.)='無効']").await?;
    browser
        .sees("令和2年3月31日に資格を喪失しています（喪失事由：医療保険等の資格取得）")
        .await?;
    browser.sees("●").await?;

    browser.press("検索結果に戻る").await?;
    browser.enter("資格確認日", "2020/3/30").await?;
    browser.press("検索").await?;
    browser.find("//h2[normalize-space(.)='有効']").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn variant_spellings_are_counted_and_searched_on_request() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let csv = "\
InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,Sex1,Birthdate,Address,PersonIdentifier
06130488,架空電機健康保険組合,01,1,髙橋　葵,2,19800101,東京都港区,T1
06130488,架空電機健康保険組合,01,2,髙橋　葵,2,19800101,東京都北区,T2
";
    stack.import(csv.as_bytes())?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.enter("氏名", "高橋 葵").await?;
    browser.enter("生年月日", "S55.1.1").await?;
    browser.choose_sex("女").await?;
    browser.enter("住所", "東京都").await?;
    browser.press("検索").await?;
    browser
        .sees("異体字を含めると、ほかに2人が該当します")
        .await?;
    browser.press("異体字も含めて検索").await?;
    let (_, rows) = browser.candidates().await?;
    ensure!(rows.len() == 2, "{rows:?}");
    browser.press("異体字を含めずに検索").await?;
    browser
        .sees("該当する資格情報が見つかりませんでした")
        .await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_day_is_chosen_from_the_calendar_by_mouse_and_by_keys() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    let open = "//button[@aria-label='生年月日をカレンダーで選ぶ']";
    let focus_is_on = |label: &str| {
        format!("return document.activeElement.getAttribute('aria-label') === '{label}'")
    };
    browser.enter("生年月日", "S64.1.7").await?;
    browser.find(open).await?.click().await?;
    browser
        .until(&focus_is_on("1989/01/07（昭和64年1月7日）"))
        .await?;
    let day = browser.find("//*[@id='calendar-day']").await?;
    day.send_keys(Key::Right).await?;
    browser
        .until(&focus_is_on("1989/01/08（平成元年1月8日）"))
        .await?;
    let day = browser.find("//*[@id='calendar-day']").await?;
    day.send_keys(Key::Enter).await?;
    let echo = browser.echo_of("生年月日").await?;
    ensure!(echo.contains("1989/01/08"), "{echo}");
    browser
        .until(&focus_is_on("生年月日をカレンダーで選ぶ"))
        .await?;

    browser.find(open).await?.click().await?;
    browser.press("西暦").await?;
    browser
        .find("//button[contains(@aria-label, '1989/01/31')]")
        .await?
        .click()
        .await?;
    let typed = browser.field("生年月日").await?.prop("value").await?;
    ensure!(typed.as_deref() == Some("1989/01/31"), "{typed:?}");

    // No day after today, and Escape leaves everything as it was.
    browser
        .find("//button[@aria-label='資格確認日をカレンダーで選ぶ']")
        .await?
        .click()
        .await?;
    let late: u32 = browser
        .script(
            "const days = [...document.querySelectorAll('.calendar__day')];
             const today = days.findIndex(day => day.id === 'calendar-day');
             return days.slice(today + 1).filter(day => !day.disabled).length",
        )
        .await?;
    ensure!(late == 0, "{late} days after today can be chosen");
    let day = browser.find("//*[@id='calendar-day']").await?;
    day.send_keys(Key::Escape).await?;
    browser
        .until(&focus_is_on("資格確認日をカレンダーで選ぶ"))
        .await?;
    browser.is_gone("//*[@id='calendar-day']").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn several_coverages_in_force_stand_side_by_side() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let csv = "\
InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,Sex1,Birthdate,Address,QualificationDate,DisqualificationDate,PersonIdentifier
06130488,架空電機健康保険組合,01,1,田中　誠,1,19700101,東京都港区,20200401,,S1
138057,東京都架空区,01,2,田中　誠,1,19700101,東京都港区,20210401,,S1
06139992,架空商事健康保険組合,01,3,田中　誠,1,19700101,東京都港区,20100401,20200401,S1
";
    stack.import(csv.as_bytes())?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.enter("氏名", "田中 誠").await?;
    browser.enter("生年月日", "S45.1.1").await?;
    browser.choose_sex("男").await?;
    browser.enter("住所", "港区").await?;
    browser.press("検索").await?;
    browser.find("//h2[normalize-space(.)='複数該当']").await?;
    browser.sees("有効な資格（2件）").await?;
    browser.sees("その他の資格（1件）").await?;
    let open: u32 = browser
        .script("return document.querySelectorAll('details[open]').length")
        .await?;
    ensure!(open == 2, "{open} are open");
    browser.close_after_failed_requests().await
}
