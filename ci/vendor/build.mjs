// Writes static/vendor from the packages of package-lock.json, and VENDOR.toml with the hash of every file.
// `make vendor` runs it; the output is committed, so that neither a classroom nor the image needs Node.
import {createHash} from "node:crypto";
import {execFileSync} from "node:child_process";
import {cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import path from "node:path";
import vm from "node:vm";

import * as esbuild from "esbuild";
import {environmentPlugin} from "esbuild-plugin-environment";
import {glsl} from "esbuild-plugin-glsl";

const here = import.meta.dirname;
const packages = path.join(here, "node_modules");
const out = path.join(here, "../../static/vendor");
const require = createRequire(import.meta.url);

/** What is vendored. The files of each folder are those that are there after the build. */
const VENDORED = [
  {folder: "plotly", package: "plotly.js", title: "plotly.js (scatter, contour, heatmap, bar; surface, scatter3d)"},
  {folder: "swagger-ui", package: "swagger-ui-dist", title: "Swagger UI"},
  {folder: "fonts", package: "@fontsource/stix-two-math", title: "STIX Two Math (subset)"},
];

/** Plotly's attribute descriptions feed its online reference only; without them the bundle is a tenth smaller. */
const stripDescriptions = {
  name: "strip-descriptions",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    const text = String.raw`(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")`;
    // Arrays of plain texts only: a lazy match up to the next `join` would eat code.
    const list = String.raw`\[\s*${text}(?:\s*,\s*${text})*\s*,?\s*\]\s*\.join\(\s*${text}\s*\)`;
    const description = new RegExp(String.raw`\bdescription:\s*(?:${text}|${list})\s*(?:,|(?=\}))`, "g");
    build.onLoad({filter: /[\\/]plotly\.js[\\/]src[\\/].*\.js$/}, ({path: file}) => ({
      contents: readFileSync(file, "utf8").replace(description, ""),
    }));
  },
};

async function plotly() {
  const folder = path.join(out, "plotly");
  const {metafile} = await esbuild.build({
    metafile: true,
    absWorkingDir: here,
    entryPoints: ["plotly.js", "plotly-3d.js"],
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    chunkNames: "plotly-shared",
    target: "es2020",
    legalComments: "none", // LICENSE lies beside the files
    alias: {regl: "@plotly/regl", stream: "stream-browserify"},
    define: {global: "window", "define.amd": "false"},
    loader: {".css": "empty"}, // the style sheet of maps, which we have none of
    plugins: [stripDescriptions, glsl({minify: true}), environmentPlugin({NODE_DEBUG: false})],
  });
  writeFileSync(path.join(folder, "LICENSE"), licenses(metafile));
  cpSync(path.join(here, "plotly.d.ts"), path.join(folder, "plotly.d.ts"));
  cpSync(path.join(here, "plotly-3d.d.ts"), path.join(folder, "plotly-3d.d.ts"));
  writeFileSync(path.join(folder, "plotly.css"), plotlyCss());
}

/**
 * The licence of every package that has code in the bundle.
 * @param {esbuild.Metafile} metafile
 */
function licenses({outputs}) {
  const used = new Set(["plotly.js"]); // the first text is Plotly's own
  for (const {inputs} of Object.values(outputs)) {
    for (const [input, {bytesInOutput}] of Object.entries(inputs)) {
      const name = /^(?:.*:)?.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
      if (name && bytesInOutput > 0 && !input.endsWith(".css")) used.add(name);
    }
  }
  const texts = [...used].map((name) => {
    const {version, license} = JSON.parse(readFileSync(path.join(packages, name, "package.json"), "utf8"));
    const file = readdirSync(path.join(packages, name)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(path.join(packages, name, file), "utf8").trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(78)}\n\n`);
}

/** The rules that Plotly would put into a style element, which a strict Content-Security-Policy refuses. */
function plotlyCss() {
  const source = readFileSync(path.join(packages, "plotly.js/build/plotcss.js"), "utf8");
  const literal = /var rules = (\{.*?\n\});/s.exec(source)?.[1];
  if (!literal) throw new Error("plotcss.js has another form than expected");
  const rules = Object.entries(/** @type {Record<string, string>} */ (vm.runInNewContext(`(${literal})`)));
  return rules
    .map(([selector, style]) => {
      const full = selector
        .replace(/^,/, " ,")
        .replaceAll("X", ".js-plotly-plot .plotly")
        .replaceAll("Y", ".plotly-notifier");
      return `${full} {${style}}\n`;
    })
    .join("");
}

function swaggerUi() {
  for (const file of ["swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE"]) {
    const from = path.join(packages, "swagger-ui-dist", file);
    const to = path.join(out, "swagger-ui", file);
    cpSync(from, to);
    if (/\.(js|css)$/.test(file)) {
      writeFileSync(to, readFileSync(to, "utf8").replace(/\n?(\/\/# |\/\*# )sourceMappingURL=.*$/m, ""));
    }
  }
  cpSync(
    path.join(packages, "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt"),
    path.join(out, "swagger-ui/swagger-ui-bundle.js.LICENSE.txt"),
  );
}

/** Systems without a mathematical font draw MathML's fences and accents badly. */
function mathFont() {
  const unicodes = [
    "20-7E,A0-B7,D7,F7,131,237,2C6,2C9,2D9,2DC,302-304,307,308,30C,332,338,370-3FF", // letters and accents
    "2000-2064,2070-209F,20D0-20DC,2100-214F,2190-21FF,2200-22FF,2308-230B,2322,2323", // operators, arrows
    "239B-23AE,23B0-23B9,23DC-23E1,25A0-25FF,27C2,27E6-27EF,27F5-27FF,2A00-2A06,2A7D,2A7E", // parts of tall brackets
    "1D400-1D467,1D49C-1D503,1D538-1D56B,1D6A4-1D7CB", // italic, bold, script, double-struck
  ];
  mkdirSync(path.join(out, "fonts"), {recursive: true});
  execFileSync(path.join(here, ".venv/bin/pyftsubset"), [
    path.join(packages, "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2"),
    `--unicodes=${unicodes.join(",")}`,
    "--flavor=woff2",
    "--layout-features=ssty,dtls,flac,kern,ccmp,mark,mkmk",
    `--output-file=${path.join(out, "fonts/stix-two-math.woff2")}`,
  ]);
  cpSync(path.join(packages, "@fontsource/stix-two-math/LICENSE"), path.join(out, "fonts/LICENSE"));
}

function manifest() {
  const sections = VENDORED.map(({folder, package: name, title}) => {
    const {version, license} = require(path.join(packages, name, "package.json"));
    const files = readdirSync(path.join(out, folder))
      .sort()
      .map((file) => {
        const hash = createHash("sha256")
          .update(readFileSync(path.join(out, folder, file)))
          .digest("hex");
        return `"${file}" = "${hash}"\n`;
      });
    return [
      `[${folder}]\ntitle = "${title}"\norigin = "npm ${name}"\nversion = "${version}"\nlicense = "${license}"\n`,
      `\n[${folder}.sha256]\n${files.join("")}`,
    ].join("");
  });
  const head = "# What is vendored here, from where, and the hash of each file. Written by `make vendor`.\n\n";
  writeFileSync(path.join(out, "VENDOR.toml"), head + sections.join("\n"));
}

rmSync(out, {recursive: true, force: true});
await plotly();
swaggerUi();
mathFont();
manifest();
