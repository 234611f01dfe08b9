// The conditions: what was typed, what is wrong with it, and what is sent.

const ERAS = { M: 1867, T: 1911, S: 1925, H: 1988, R: 2018 };
const NAMES = { M: "明治", T: "大正", S: "昭和", H: "平成", R: "令和" };
const FIRST = [["R", "2019-05-01"], ["H", "1989-01-08"], ["S", "1926-12-25"], ["T", "1912-07-30"], ["M", "1868-01-25"]];

/** A typed day as 1985-04-01, or nothing. */
export function iso(text) {
  const typed = text.normalize("NFKC").trim().toUpperCase();
  const found =
    /^([MTSHR]?)(\d{1,4})[/.\-年](\d{1,2})[/.\-月](\d{1,2})日?$/.exec(typed) ?? /^()(\d{4})(\d{2})(\d{2})$/.exec(typed);
  if (!found) return undefined;
  const [, era, count, month, day] = found;
  const year = Number(count) + (era ? ERAS[era] : 0);
  const date = new Date(Date.UTC(year, Number(month) - 1, Number(day)));
  return date.getUTCDate() === Number(day) ? date.toISOString().slice(0, 10) : undefined;
}

/** A typed day in both calendars. */
export function echo(text) {
  const day = iso(text);
  const era = day && FIRST.find(([, first]) => first <= day)?.[0];
  if (!era) return "";
  const [year, month, date] = day.split("-").map(Number);
  const count = year - ERAS[era];
  return `${year}年${month}月${date}日（${NAMES[era]}${count === 1 ? "元" : count}年）`;
}

/** What is wrong, by field. */
export function errors(values, today) {
  const wrong = {};
  if (!values.name && !values.name_kana) wrong.name = "氏名、氏名（カナ）のどちらか一方を入力してください。";
  if (!values.address && !values.insurer_name) wrong.address = "住所、保険者名のどちらか一方を入力してください。";
  if (!values.sex1) wrong.sex1 = "性別を選んでください。";
  for (const field of ["birthdate", "qualification_confirmation_date"]) {
    const day = iso(values[field] ?? "");
    if (!day) wrong[field] = "日付を入力してください。";
    else if (day > today) wrong[field] = "今日までの日付を入力してください。";
  }
  return wrong;
}

/** The request's body. */
export function toForm(values) {
  const text = (field) => (values[field] ?? "").trim();
  return {
    name: text("name"),
    name_kana: text("name_kana"),
    birthdate: iso(values.birthdate),
    sex1: values.sex1,
    address: text("address"),
    insurer_name: text("insurer_name"),
    qualification_confirmation_date: iso(values.qualification_confirmation_date),
  };
}
