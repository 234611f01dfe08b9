//! A new build of the page comes while somebody takes notes.

use anyhow::ensure;
use tests::{Browser, Deployment, Stack};

const FAILED_REQUEST: &str = "Failed to load resource";
const FETCH_FAILED: &str = "Failed to fetch";

const HAS_TAKEN_OVER: &str = "
    return navigator.serviceWorker.getRegistration()
      .then(it => !it.waiting && !it.installing && it.active?.state === 'activated')";

/// What the browser keeps of the page: builds, and what of them is an answer of the service.
async fn kept(browser: &Browser) -> anyhow::Result<(Vec<String>, Vec<String>)> {
    browser
        .script(
            "const builds = await caches.keys();
             const answers = [];
             for (const build of builds) {
               for (const { url } of await (await caches.open(build)).keys()) {
                 if (new URL(url).pathname.startsWith('/api')) answers.push(url);
               }
             }
             return [builds, answers]",
        )
        .await
}

async fn version(browser: &Browser) -> anyhow::Result<String> {
    browser
        .script("return document.querySelector('meta[name=x-shikaku-version]').content")
        .await
}

async fn what_is_typed_stands(browser: &Browser) -> anyhow::Result<()> {
    browser
        .until("return document.getElementById('address')?.value === '書きかけ'")
        .await?;
    ensure!(browser.text_of("氏名").await? == "新橋 太郎");
    Ok(())
}

#[tokio::test]
async fn a_new_build_is_told_of_and_takes_over_without_losing_a_note() -> anyhow::Result<()> {
    let mut stack = Stack::start_opened().await?;
    let deployment = Deployment::of(&stack)?;
    let browser = Browser::start().await?;
    browser.go(&deployment.address()).await?;
    browser.log_in("staff", "shikaku-demo").await?;
    browser.is_at("メニュー").await?;
    browser.go_to_notebook().await?;
    browser.is_ready_for_an_outage().await?;
    let (first, _) = kept(&browser).await?;
    ensure!(first.len() == 1, "{first:?}");
    let old = version(&browser).await?;
    ensure!(!old.is_empty(), "the page knows its name");
    browser.note_many(2).await?;
    browser.enter_taro("書きかけ").await?;

    // The service comes back as the next build, of which the page learns by the next answer.
    stack.kill_server()?;
    deployment.deliver_next();
    stack.start_server()?;
    browser.press("まとめて照会（2件）").await?;
    browser
        .note_counts_become("確認済 1件 該当なし 1件")
        .await?;
    browser
        .sees("新しいバージョンがあります。再読み込みしてください")
        .await?;
    browser.is_accessible().await?;
    what_is_typed_stands(&browser).await?;

    // The next worker waits, because this page still needs the old files: also those that it
    // has not loaded yet, and that nobody delivers any more.
    browser
        .script::<()>("(await navigator.serviceWorker.getRegistration()).update()")
        .await?;
    browser
        .until("return navigator.serviceWorker.getRegistration().then(it => !!it.waiting)")
        .await?;
    let (both, answers) = kept(&browser).await?;
    ensure!(both.len() == 2 && both.contains(&first[0]), "{both:?}");
    ensure!(answers.is_empty(), "answers are kept: {answers:?}");
    ensure!(version(&browser).await? == old, "nobody reloaded it");
    browser.press("メニュー").await?;
    browser.is_at("メニュー").await?;
    browser.press("パスワードの変更").await?;
    browser.is_at("パスワードの変更").await?;
    browser.press("メニュー").await?;
    browser.is_at("メニュー").await?;
    browser.go_to_notebook().await?;
    what_is_typed_stands(&browser).await?;

    browser.press("再読み込み").await?;
    browser.is_gone("//*[@id='reload']").await?;
    browser.is_at("控え").await?;
    ensure!(version(&browser).await? == deployment.next_version());
    what_is_typed_stands(&browser).await?;
    browser
        .note_counts_become("確認済 1件 該当なし 1件")
        .await?;

    // Chromium asks the old worker once whether it has nothing to do (`app/worker.js`); if it had,
    // it goes at the latest when no window is open.
    for _ in 0..10 {
        browser.go("about:blank").await?;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        browser.go(&deployment.address()).await?;
        browser.is_at("メニュー").await?;
        if browser.script(HAS_TAKEN_OVER).await? {
            break;
        }
    }
    browser.until(HAS_TAKEN_OVER).await?;
    browser
        .until("return caches.keys().then(builds => builds.length === 1)")
        .await?;
    let (second, answers) = kept(&browser).await?;
    ensure!(
        second != first && answers.is_empty(),
        "{second:?} {answers:?}"
    );

    // Without the service the next build starts, and nothing answers in its place.
    browser.go_to_notebook().await?;
    browser.enter_taro("書きかけ").await?;
    browser.press("控える").await?;
    browser
        .note_counts_become("未照会 1件 確認済 1件 該当なし 1件")
        .await?;
    stack.kill_server()?;
    browser.driver().refresh().await?;
    browser.sees("サーバーに接続していません").await?;
    ensure!(version(&browser).await? == deployment.next_version());
    ensure!(browser.kept_notes().await?.len() == 3);
    for address in ["/api/session", "/api/opening", "/api/notebook-key"] {
        let fetched = format!("return fetch('{address}').then(() => true, () => false)");
        let is_answered: bool = browser.script(&fetched).await?;
        ensure!(!is_answered, "{address} is answered by nobody");
    }
    browser.close_after(&[FAILED_REQUEST, FETCH_FAILED]).await
}
