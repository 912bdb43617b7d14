// Looks at mails in a browser: html-validate, axe-core in light and dark, and a screenshot of each on a desk and on a
// phone, beside the mail. Run by tests/mail_samples.py, which says what it needs.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(new URL("../target/node/", import.meta.url));
const { chromium } = require("playwright-core");
const { HtmlValidate } = require("html-validate");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Mails are made of tables with the attributes of HTML 4, styles in elements, and headings that follow one of the mail
// program: what mail programs need is no fault here.
const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    "no-inline-style": "off",
    "no-deprecated-attr": "off",
    "attribute-boolean-style": "off",
    "doctype-style": "off",
    "void-style": "off",
    "no-trailing-whitespace": "off",
    "long-title": "off",
    "attr-quotes": "off",
    "no-implicit-button-type": "off",
    "tel-non-breaking": "off",
    // Many mail programs drop <main>, and keep a <div> with its role.
    "prefer-native-element": "off",
  },
});
const pictures = fileURLToPath(new URL("../content/_static/", import.meta.url));
const widths = { desk: 700, phone: 375 };
let faults = 0;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const path of process.argv.slice(2)) {
  const report = await validator.validateFile(path);
  for (const message of report.results.flatMap((result) => result.messages)) {
    if (message.severity < 2) continue;
    faults += 1;
    console.error(`${path}:${message.line}:${message.column}: ${message.ruleId}: ${message.message}`);
  }
  for (const scheme of ["light", "dark"]) {
    for (const [name, width] of Object.entries(widths)) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
      // The site's own pictures, for its domain is made up.
      await page.route("https://plainhealth.example/**", (route) =>
        route.fulfill({ path: join(pictures, new URL(route.request().url()).pathname) }),
      );
      await page.goto(pathToFileURL(path).href);
      await page.evaluate(axe);
      const found = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
      for (const violation of found.violations) {
        faults += 1;
        const where = violation.nodes.slice(0, 3).map((node) => node.html).join(" | ");
        console.error(`${path} (${scheme}, ${name}): axe ${violation.id}: ${violation.help}: ${where}`);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) {
        faults += 1;
        console.error(`${path} (${scheme}, ${name}): ${wide} pixels wider than the window`);
      }
      await page.screenshot({ path: path.replace(/\.html$/, `.${scheme}.${name}.png`), fullPage: true });
      await page.close();
    }
  }
}
await browser.close();
console.log(`${process.argv.length - 2} mails, ${faults} faults in the browser`);
process.exit(faults ? 1 : 0);
