// Builds the form: node build.mjs PAGE OUT. PAGE is the folder of the built page, whose styles it
// uses; OUT takes index.html and form.js, each also as the service sends it (brotli).
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { join } from "node:path";
import { build } from "esbuild";

const [page, out] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
await build({
  entryPoints: [join(import.meta.dirname, "form.jsx")],
  outfile: join(out, "form.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
});
const links = readFileSync(join(page, "index.html"), "utf8").match(/<link[^>]*rel="?stylesheet[^>]*>/g) ?? [];
// Not those that the page has for later.
const styles = links.filter((link) => !link.includes("later"));
if (styles.length === 0) throw new Error(`no styles in ${page}`);
writeFileSync(
  join(out, "index.html"),
  `<!doctype html><html lang="ja"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>資格 shikaku</title>` +
    `<link rel="icon" href="/icon.svg"><script type="module" src="form.js"></script>${styles.join("")}` +
    `</head><body></body></html>`,
);
for (const name of ["index.html", "form.js"]) {
  const bytes = readFileSync(join(out, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, { params }));
}
