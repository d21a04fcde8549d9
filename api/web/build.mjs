/**
 * Bundles the pages' scripts and styles into static/dist, each under a name that holds its content's hash.
 *
 * Entries: every .js and .css file directly in src/, and src/css/main.css. static/dist/manifest.json maps each entry's
 * plain name (app.js, main.css) to its hashed one; it is replaced last and in one step, so that a page served
 * meanwhile finds either the old set or the new one, whole.
 */
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "static", "dist");

/** @returns {Promise<string[]>} paths of the entry files, absolute */
async function entries() {
  const names = (await readdir(join(here, "src"))).filter((name) => /\.(js|css)$/.test(name));
  return [...names.map((name) => join(here, "src", name)), join(here, "src", "css", "main.css")];
}

/**
 * @param {import("esbuild").Metafile["outputs"]} outputs
 * @returns {Record<string, string>} plain name to hashed name, sorted
 */
function manifestOf(outputs) {
  /** @type {[string, string][]} */
  const rows = [];
  for (const [path, output] of Object.entries(outputs)) {
    if (!output.entryPoint) continue;
    const plain = basename(output.entryPoint);
    rows.push([plain, basename(path)]);
    if (output.cssBundle) rows.push([plain.replace(/\.js$/, ".css"), basename(output.cssBundle)]);
  }
  return Object.fromEntries(rows.sort(([a], [b]) => a.localeCompare(b)));
}

const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: await entries(),
  outdir: dist,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "linked",
  loader: { ".woff2": "file", ".woff": "file", ".ttf": "file", ".eot": "file", ".svg": "file", ".png": "file" },
  metafile: true,
  logLevel: "warning",
});

const outputs = result.metafile.outputs;
const kept = new Set(["manifest.json", ...Object.keys(outputs).map((path) => relative(dist, join(here, path)))]);
await mkdir(dist, { recursive: true });
await writeFile(join(dist, "manifest.json.new"), JSON.stringify(manifestOf(outputs), null, 2) + "\n");
await rename(join(dist, "manifest.json.new"), join(dist, "manifest.json"));
for (const name of await readdir(dist)) {
  if (!kept.has(name)) await rm(join(dist, name), { recursive: true });
}
