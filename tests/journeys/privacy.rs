//! Nothing of a patient leaves the pages and the store: not into the log at its
//! most talkative, not into an address, not into what the browser keeps.

use std::collections::BTreeSet;

use anyhow::ensure;
use tests::{Browser, Stack};

/// A person with a mark in every field that a search or the page shows.
const PERSON: &str = "InsurerNumber,InsurerName,InsuredCardClassification,InsuredCardSymbol,InsuredIdentificationNumber,InsuredBranchNumber,Name,NameKana,Sex1,Birthdate,Address,PostNumber,QualificationDate,PersonIdentifier,CertificateSerialNumber
06130488,月見町健康保険組合,01,宵待,70934512,07,綾小路　蒼玄,ｱﾔﾉｺｳｼﾞ ｿｳｹﾞﾝ,1,19570308,長野県松本市架空町８丁目,390-8765,20190417,KAKUU0815,5A3C9E77
";

/// All of that, and all that is typed below, in every spelling that appears.
const MARKS: [&str; 26] = [
    "綾小路",
    "蒼玄",
    "アヤノコウジ",
    "ソウゲン",
    "あやのこうじ",
    "そうげん",
    "ｱﾔﾉｺｳｼﾞ",
    "月見町",
    "宵待",
    "松本市",
    "架空町",
    "70934512",
    "06130488",
    "390-8765",
    "KAKUU0815",
    "5A3C9E77",
    "19570308",
    "1957/03/08",
    "1957/3/8",
    "1957-03-08",
    "昭和32年",
    "S32.3.8",
    "2019/04/17",
    "2019-04-17",
    "平成31年",
    "20190417",
];

#[tokio::test]
async fn logs_addresses_and_storage_hold_nothing_of_a_patient() -> anyhow::Result<()> {
    let stack = Stack::start_with_log("trace").await?.opened()?;
    stack.import(PERSON.as_bytes())?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    let mut kept = BTreeSet::new();
    browser.go_to_search().await?;
    let table = [
        ("氏名", "綾小路 蒼玄", "1957/3/8", "住所", "松本市"),
        (
            "氏名（カナ）",
            "あやのこうじ そうげん",
            "S32.3.8",
            "保険者名",
            "月見町",
        ),
        (
            "氏名（カナ）",
            "アヤノコウジ ソウゲン",
            "昭和32年3月8日",
            "住所",
            "架空町8",
        ),
    ];
    for (name_label, name, birthdate, place_label, place) in table {
        browser.press("入力をクリア").await?;
        browser.enter(name_label, name).await?;
        browser.enter("生年月日", birthdate).await?;
        browser.choose_sex("男").await?;
        browser.enter(place_label, place).await?;
        browser.press("検索").await?;
        browser.is_at("資格情報確認").await?;
        ensure!(
            browser.value_of("住所").await?.contains("松本市"),
            "it is he"
        );
        kept.extend(kept_by(&browser).await?);
        browser.press("検索結果に戻る").await?;
        browser.is_at("資格情報照会（システム障害時）").await?;
    }
    // What waits in the tab's storage for a newer page.
    browser.enter("氏名", "綾小路 蒼玄").await?;
    browser.keep_what_the_tab_stores().await?;
    browser.seem_old().await?;
    browser.press("検索").await?;
    browser.is_at("資格情報確認").await?;
    browser.press("再読み込み").await?;
    browser.is_gone("//*[@id='reload']").await?;
    browser.is_at("資格情報確認").await?;
    let stored: usize = browser
        .script("return localStorage.getItem('stored').length")
        .await?;
    ensure!(stored > 100, "it was there");
    kept.extend(kept_by(&browser).await?);
    browser.press("検索結果に戻る").await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    ensure!(
        browser.text_of("氏名").await? == "綾小路 蒼玄",
        "it came back"
    );
    // What fails must not say more than what succeeds.
    browser.enter("生年月日", "1957/3/99").await?;
    browser.press("検索").await?;
    browser.sees("入力内容を確認してください").await?;
    let script = "const answer = await fetch('/api/eligibility/searches', {method: 'POST',
           headers: {'content-type': 'application/json'},
           body: JSON.stringify({name: '綾小路', birthdate: 19570308, 蒼玄: 1})});
         return [answer.status.toString(), await answer.text()]";
    kept.extend(browser.script::<Vec<String>>(script).await?);
    browser.press("メニュー").await?;
    browser.press("監査証跡").await?;
    browser.find("//table[@id='audit']").await?;
    kept.extend(kept_by(&browser).await?);
    browser.press("ログアウト").await?;
    browser.is_at("ログイン").await?;
    kept.extend(kept_by(&browser).await?);
    browser.close_after_failed_requests().await?;

    let log = stack.log()?;
    ensure!(log.lines().count() > 20, "the log is there: {log}");
    for line in log.lines().filter(|line| line.contains("\"answered\"")) {
        ensure!(
            line.contains("\"id\":\"") && line.contains("\"route\":\""),
            "{line}"
        );
    }
    kept.insert(log);
    kept.insert(String::from_utf8(stack.run(&["audit", "list"])?.stdout)?);
    for mark in MARKS {
        let found = kept
            .iter()
            .flat_map(|kept| kept.lines())
            .find(|line| line.contains(mark));
        ensure!(found.is_none(), "{mark} is kept: {found:?}");
    }
    Ok(())
}

/// Every address that the page asked for or was at, its cookies, and its storage.
async fn kept_by(browser: &Browser) -> anyhow::Result<Vec<String>> {
    let script = "const databases = await indexedDB.databases();
       const caches = await window.caches.keys();
       return [...performance.getEntries().map(entry => entry.name), location.href,
           document.title, JSON.stringify(history.state), document.cookie,
           ...Object.entries(localStorage).flat(), ...Object.entries(sessionStorage).flat(),
           ...databases.map(database => database.name), ...caches]
         .map(kept => { try { return decodeURIComponent(kept) } catch { return kept } })";
    let mut kept: Vec<String> = browser.script(script).await?;
    for cookie in browser.driver().get_all_cookies().await? {
        kept.push(format!("{}={}", cookie.name, cookie.value));
    }
    Ok(kept)
}
