import { render } from "preact";
import { useRef, useState } from "preact/hooks";
import { echo, errors, iso, toForm } from "./conditions.js";

const SEARCH = "資格情報照会（システム障害時）";
const COLUMNS = ["氏名", "生年月日", "性別", "住所", "保険者名"];
const SEXES = { 1: "男", 2: "女" };

async function ask(path, body) {
  const options = body && {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  const json = await answer.json();
  if (!answer.ok) throw json;
  return json;
}

function Header({ session }) {
  return (
    <header class="header">
      <div class="header__inner">
        <a href="/" class="header__brand">
          資格 <span class="header__latin" lang="en">shikaku</span>
        </a>
        <p class="header__institution">{session.institution_name}</p>
        <p class="header__account">
          <span class="visually-hidden">ログイン中のユーザ：</span>
          <span class="header__user">{session.user_id}</span>
        </p>
        <button type="button" class="button button--outline button--small">ログアウト</button>
      </div>
    </header>
  );
}

function Required() {
  return <span class="field__required">※必須</span>;
}

function Text({ id, label, hint, required, value, error, understood, enter, leave, children }) {
  return (
    <div class="field">
      <div class="field__head">
        <label class="field__label" for={id}>{label}</label>
        {required && <Required />}
        <span class="field__hint" id={`${id}-hint`}>{hint}</span>
      </div>
      <div class="field__line">
        <input
          class="field__input"
          id={id}
          name={id}
          type="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-required={required}
          aria-invalid={error ? "true" : undefined}
          aria-describedby={`${id}-hint ${id}-error`}
          value={value}
          onInput={(event) => enter(id, event.target.value)}
          onBlur={() => leave?.(id)}
          onKeyDown={(key) => key.key === "Enter" && key.isComposing && key.preventDefault()}
        />
        {children}
      </div>
      {understood !== undefined && <output class="field__echo" for={id}>{understood}</output>}
      <p class="field__error" id={`${id}-error`}>{error}</p>
    </div>
  );
}

function Calendar({ label, choose }) {
  const dialog = useRef();
  const title = `${label}をカレンダーで選ぶ`;
  return (
    <>
      <button
        type="button"
        class="button button--outline button--small field__beside"
        aria-label={title}
        aria-haspopup="dialog"
        onClick={() => dialog.current.showModal()}
      >
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <path class="icon__lines" d="M4 6h16v14H4zM4 10.5h16M8 3v5M16 3v5" />
        </svg>
        <span class="field__beside-text">カレンダー</span>
      </button>
      <dialog class="calendar" aria-label={title} ref={dialog}>
        <input type="date" onChange={(event) => choose(event.target.value.replaceAll("-", "/"))} />
        <button type="button" class="button button--text" onClick={() => dialog.current.close()}>閉じる</button>
      </dialog>
    </>
  );
}

function Sex({ value, error, enter }) {
  return (
    <fieldset class="field choice" role="radiogroup" aria-required="true" aria-describedby="sex1-error">
      <legend class="field__head">
        <span class="field__label">性別</span>
        <Required />
      </legend>
      <div class="choice__options">
        {Object.entries(SEXES).map(([code, text]) => (
          <label class="choice__option" key={code}>
            <input
              class="choice__radio"
              type="radio"
              id={code === "1" ? "sex1" : `sex1-${code}`}
              name="sex1"
              value={code}
              checked={value === code}
              onChange={() => enter("sex1", code)}
            />
            <span class="choice__text">{text}</span>
          </label>
        ))}
      </div>
      <p class="field__error" id="sex1-error">{error}</p>
    </fieldset>
  );
}

function Candidates({ list }) {
  return (
    <table class="table" id="candidates">
      <caption class="table__caption">
        <strong>検索結果：{list.length}人</strong>
        <span class="table__hint">該当者をクリックしてください。</span>
      </caption>
      <thead><tr>{COLUMNS.map((name) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
      <tbody>
        {list.map((it) => {
          const cells = [
            <a class="table__link" href={`/emergency/search/${it.id}`}>{it.name}</a>,
            it.birthdate.replaceAll("-", "/"),
            SEXES[it.sex1],
            it.address ?? "（登録なし）",
            it.insurer_name,
          ];
          return (
            <tr class="table__row" key={it.id}>
              {cells.map((cell, place) => <td class="table__cell" data-label={COLUMNS[place]}>{cell}</td>)}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Result({ running, failure, outcome }) {
  if (running) return <p>検索しています…</p>;
  if (failure) return <p>{failure.message ?? "検索できませんでした。"}</p>;
  if (!outcome) return null;
  if (outcome === "not_found") return <p>該当する人が見つかりません。</p>;
  if (outcome.one) return <a href={`/emergency/search/${outcome.one}`}>資格情報確認を開く</a>;
  if (outcome.several) return <Candidates list={outcome.several} />;
  return <p>該当者が多すぎます。条件を追加してください。</p>;
}

function Search({ session }) {
  const empty = { qualification_confirmation_date: session.today.replaceAll("-", "/") };
  const [values, setValues] = useState(empty);
  const [isChecked, setChecked] = useState(false);
  const [state, setState] = useState({});
  const wrong = isChecked ? errors(values, session.today) : {};
  const enter = (id, text) => setValues((values) => ({ ...values, [id]: text }));
  const leave = (id) => {
    const day = iso(values[id] ?? "");
    if (day) enter(id, day.replaceAll("-", "/"));
  };
  const text = (id, label, hint) => (
    <Text id={id} label={label} hint={hint} value={values[id] ?? ""} error={wrong[id]} enter={enter} />
  );
  const date = (id, label, hint) => (
    <Text
      id={id} label={label} hint={hint} required value={values[id] ?? ""} error={wrong[id]}
      understood={echo(values[id] ?? "")} enter={enter} leave={leave}
    >
      <Calendar label={label} choose={(day) => enter(id, day)} />
    </Text>
  );
  const submit = async (event) => {
    event.preventDefault();
    setChecked(true);
    if (state.running || Object.keys(errors(values, session.today)).length > 0) return;
    setState({ running: true });
    try {
      const answer = await ask("/api/eligibility/searches", toForm(values));
      setState({ outcome: answer.outcome });
    } catch (failure) {
      setState({ failure });
    }
  };
  return (
    <>
      <form class="conditions" method="post" autocomplete="off" noValidate aria-labelledby="heading" onSubmit={submit}>
        <fieldset class="conditions__pair">
          <legend class="conditions__rule">※氏名、氏名（カナ）どちらか一方は入力してください（完全一致で検索します）</legend>
          {text("name", "氏名", "")}
          {text("name_kana", "氏名（カナ）", "ひらがな、半角カナも可")}
        </fieldset>
        <div class="conditions__pair">
          {date("birthdate", "生年月日", "例：1985/4/1、S60.4.1")}
          <Sex value={values.sex1} error={wrong.sex1} enter={enter} />
        </div>
        <fieldset class="conditions__pair">
          <legend class="conditions__rule">※住所、保険者名どちらか一方は入力してください（部分一致で検索します）</legend>
          {text("address", "住所", "例：東京都港区")}
          {text("insurer_name", "保険者名", "例：健康保険組合")}
        </fieldset>
        <div class="conditions__pair">
          {date("qualification_confirmation_date", "資格確認日", "今日までの日付")}
          <div class="conditions__actions">
            <button type="submit" class="button button--solid conditions__search" id="search">検索</button>
            <button type="button" class="button button--text" id="clear" onClick={() => setValues(empty)}>
              入力をクリア
            </button>
          </div>
        </div>
      </form>
      <section class="results" aria-label="検索結果" aria-busy={String(!!state.running)}>
        <div class="results__status" role="status"><Result {...state} /></div>
      </section>
    </>
  );
}

function Page({ session }) {
  return (
    <>
      <Header session={session} />
      <main class="main" id="main" tabindex={-1}>
        <nav class="breadcrumbs" aria-label="現在位置">
          <ol class="breadcrumbs__list">
            <li class="breadcrumbs__item"><a href="/">メニュー</a></li>
            <li class="breadcrumbs__item"><a href="/emergency">緊急時医療情報・資格確認機能</a></li>
          </ol>
        </nav>
        <h1 class="heading" id="heading" tabindex={-1}>{SEARCH}</h1>
        <Search session={session} />
      </main>
      <footer class="footer"><a class="footer__link" href="/errors">エラー履歴</a></footer>
    </>
  );
}

render(<Page session={await ask("/api/session")} />, document.body);
