//! The source document's own story: 「利用方法の流れ」 1 to 4.

use anyhow::ensure;
use tests::{Browser, Stack};

#[tokio::test]
async fn two_candidates_one_is_chosen_and_read() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.search_taro("東京都").await?;

    let (head, rows) = browser.candidates().await?;
    assert_eq!(head, ["氏名", "生年月日", "性別", "住所", "保険者名"]);
    let expected = [
        [
            "新橋　太郎",
            "2021/03/26",
            "男",
            "東京都港区〇〇5丁目",
            "東京新橋サンプル保険者",
        ],
        [
            "新橋　太郎",
            "2021/03/26",
            "男",
            "東京都足立区皇居裏1",
            "北海道新橋健康保険組合",
        ],
    ];
    assert_eq!(rows, expected);
    browser.is_at("資格情報照会（システム障害時）").await?;
    browser.holds_nothing_personal().await?;

    browser
        .find("//tr[contains(., '足立区')]")
        .await?
        .click()
        .await?;
    browser.is_at("資格情報確認").await?;
    browser.sees("有効").await?;
    assert_eq!(browser.value_of("住所").await?, "東京都足立区皇居裏1");
    ensure!(browser.value_of("保険者番号").await?.contains("06010128"));
    ensure!(
        browser
            .value_of("資格取得年月日")
            .await?
            .contains("令和3年3月26日")
    );
    browser.holds_nothing_personal().await?;

    browser.press("検索結果に戻る").await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    assert_eq!(browser.candidates().await?.1.len(), 2, "the list is kept");
    assert_eq!(
        browser.field("氏名").await?.prop("value").await?.as_deref(),
        Some("新橋 太郎")
    );

    browser.press("ログアウト").await?;
    browser.is_at("ログイン").await?;
    browser.driver().back().await?;
    browser.is_at("ログイン").await?;
    let page: String = browser.script("return document.body.textContent").await?;
    ensure!(
        !page.contains("新橋　太郎"),
        "nothing is left after log-out"
    );
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn one_person_goes_straight_through() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser.go_to_search().await?;
    browser.search_taro("皇居裏１").await?;
    browser.is_at("資格情報確認").await?;
    assert_eq!(
        browser.value_of("保険者名称").await?,
        "北海道新橋健康保険組合"
    );
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn everybody_in_an_imported_file_is_found_by_every_spelling() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let row = "  131219,東京都足立区,01,77,髙橋　しょう子,ﾀｶﾊｼ ｼﾖｳｺ,2,19600401,神奈川県横浜市西区みなとみらい４丁目７番１５号,20200401,X1\n";
    let header = "InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,NameKana,Sex1,Birthdate,Address,QualificationDate,PersonIdentifier\n";
    stack.import(format!("{header}{row}").as_bytes())?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    let table = [
        ("氏名", "髙橋 しょう子", "住所", "みなとみらい4-7-15"),
        ("氏名（カナ）", "たかはし しょうこ", "住所", "横浜市"),
        (
            "氏名（カナ）",
            "タカハシショウコ",
            "住所",
            "みなとみらい四丁目",
        ),
        ("氏名（カナ）", "ﾀｶﾊｼ ｼｮｳｺ", "保険者名", "足立区"),
        ("氏名（カナ）", "タカハシ　シヨウコ", "保険者名", "東京都"),
    ];
    for (name_label, name, place_label, place) in table {
        browser.press("入力をクリア").await?;
        browser.enter(name_label, name).await?;
        browser.enter("生年月日", "s350401").await?;
        browser.choose_sex("女").await?;
        browser.enter(place_label, place).await?;
        browser.press("検索").await?;
        browser.is_at("資格情報確認").await?;
        assert_eq!(
            browser.value_of("氏名").await?,
            "髙橋　しょう子",
            "{name} {place}"
        );
        browser.press("検索結果に戻る").await?;
    }
    browser.close_after_failed_requests().await
}
