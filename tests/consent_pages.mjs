// Looks at the pages for subscribers in a browser, each in each of its states: axe-core (WCAG 2.2 A and AA, and what its
// authors call good practice), html-validate, what the console says, whether anything is wider than the window, whether
// targets are large enough for a thumb; light and dark, in every language, on a phone and on a desk. A screenshot of each
// is for people to look at. At last the form for pages of one's own is copied into a page elsewhere, and subscribed with.
// Run by hand, for it needs a browser and Node:
//
//     apt-get install chromium nodejs npm
//     npm install --prefix target/node playwright-core axe-core html-validate
//     cargo build && node tests/consent_pages.mjs target/consent-pages
//
// TIDINGS names another program than target/debug/tidings. Templates are those of this folder, whatever the program was
// built with. Ends with 1 if anything is wrong.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../target/node/", import.meta.url));
const { chromium } = require("playwright-core");
const { HtmlValidate } = require("html-validate");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const root = fileURLToPath(new URL("..", import.meta.url));
const program = resolve(process.env.TIDINGS ?? join(root, "target/debug/tidings"));
const folder = resolve(process.argv[2] ?? join(root, "target/consent-pages"));
const languages = (process.env.LANGUAGES ?? "en de fr es ar").split(" ");
const widths = [320, 390, 1280];
const thumb = 44;
const today = "2026-11-22T12:00:00Z";

const validator = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    "doctype-style": "off",
    "void-style": "off",
    "no-trailing-whitespace": "off",
    "long-title": "off",
    "tel-non-breaking": "off",
    // Boxes of one question share its name.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "submit"] }],
  },
});

const faults = new Set();
/** What the server sent for the page that is open, before any script touched it. */
const sources = new WeakMap();
let looks = 0;

/** A port that is free: links in letters have to lead there. */
function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** The sample site with these templates, a second digest, and pages. */
function makeSite(port) {
  const site = join(folder, "site");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(site, { recursive: true });
  for (const part of ["content", "templates", "config"]) cpSync(join(root, part), join(site, part), { recursive: true });
  const file = join(site, "config/tidings.toml");
  const daily = '\n[[digest]]\nname = "daily"\ntitle = "Plain Health daily"\ncron = "0 6 * * *"\n';
  const web = `\n[web]\nurl = "http://127.0.0.1:${port}/mail"\nlisten = "127.0.0.1:${port}"\ntrusted_hops = 1\nrequests_per_ip = 3\n`;
  writeFileSync(file, readFileSync(file, "utf8") + daily + web);
  return site;
}

function run(site, ...words) {
  return execFileSync(program, words, { cwd: site, encoding: "utf8", stdio: "pipe" });
}

/** The server, once it listens. */
async function serve(site, at) {
  const server = spawn(program, ["serve", "--at", at], { cwd: site, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((done) => createInterface({ input: server.stdout }).once("line", done));
  return server;
}

/** The links to a page in the newest mails to somebody, once there is one. */
async function link(site, address, page) {
  for (let tries = 0; tries < 200; tries += 1) {
    const outbox = join(site, "outbox/new");
    for (const name of existsSync(outbox) ? readdirSync(outbox).sort().reverse() : []) {
      const mail = readFileSync(join(outbox, name), "utf8").replaceAll(/=\r?\n/g, "").replaceAll(/\r?\n /g, "");
      const found = mail.includes(address) && mail.match(new RegExp(`http://[^ <>"]*/mail/${page}/[\\w.:-]+`));
      if (found) return found[0];
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`no mail to ${address} with a link to ${page}`);
}

/** Holds one state of a page against everything, in every scheme and width. */
async function look(page, name, language) {
  const source = await sources.get(page);
  if (!source) faults.add(`${name} (${language}): the page's source was lost`);
  const report = await validator.validateString(source, name);
  for (const message of report.results.flatMap((result) => result.messages)) {
    if (message.severity < 2) continue;
    faults.add(`${name} (${language}): html-validate ${message.ruleId}: ${message.message}`);
  }
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of widths) {
      looks += 1;
      await page.setViewportSize({ width, height: width < 1000 ? 844 : 900 });
      const where = `${name} (${language}, ${scheme}, ${width})`;
      const found = await page.evaluate(() => axe.run({
        resultTypes: ["violations"],
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      }));
      if (found.passes.length < 10) faults.add(`${where}: axe looked at next to nothing`);
      for (const violation of found.violations) {
        faults.add(`${where}: axe ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
      }
      const { wide, small, tongue } = await page.evaluate((thumb) => {
        const targets = [...document.querySelectorAll("button, select, input:not([type=hidden], .trap *), .tick, main p > a:only-child, .problems a")];
        const low = targets.filter((one) => !one.matches(".tick input") && one.getBoundingClientRect().height < thumb - 0.5);
        return {
          wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          small: low.map((one) => one.outerHTML.slice(0, 90)),
          tongue: `${document.documentElement.lang} ${document.documentElement.dir}`,
        };
      }, thumb);
      if (wide > 0) faults.add(`${where}: ${wide} pixels wider than the window`);
      for (const one of small) faults.add(`${where}: lower than ${thumb} pixels: ${one}`);
      if (tongue !== `${language} ${language === "ar" ? "rtl" : "ltr"}`) faults.add(`${where}: the document is "${tongue}"`);
      await page.screenshot({ path: join(folder, `${language}-${name}-${scheme}-${width}.png`), fullPage: true });
    }
  }
}

/** Opens pages as somebody from an address of their own. */
async function somebody(browser, language, number, more = {}) {
  const context = await browser.newContext({
    locale: language,
    bypassCSP: false,
    extraHTTPHeaders: { "X-Forwarded-For": `198.51.100.${number}` },
    ...more,
  });
  const page = await context.newPage();
  await context.addInitScript(axe);
  // The site's own pictures, for its domain is made up.
  await page.route("https://plainhealth.example/**", (route) =>
    route.fulfill({ path: join(root, "content/_static", new URL(route.request().url()).pathname) }),
  );
  page.on("console", (message) => {
    // A page that says what went wrong is told with a status that the browser repeats.
    if (/the server responded with a status of (404|422|429|503)/.test(message.text())) return;
    if (["error", "warning"].includes(message.type())) faults.add(`${page.url()}: the console says: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.add(`${page.url()}: ${error}`));
  page.on("response", (response) => {
    // Who goes on at once does not wait for it; who looks at the page does.
    if (response.request().isNavigationRequest()) sources.set(page, response.text().catch(() => ""));
  });
  return page;
}

async function press(page, name) {
  await Promise.all([page.waitForEvent("load"), page.locator(name).click()]);
}

async function walk(browser, site, base, language, number) {
  const address = `nora.${language}@example.net`;
  const page = await somebody(browser, language, number);
  const see = (name) => look(page, name, language);
  await page.goto(`${base}/subscribe`);
  await see("01-form");
  await page.fill("#address", "nora@nowhere..example");
  await page.locator("input[name=choice]:checked").first().uncheck();
  await page.evaluate(() => { document.querySelector("form").noValidate = true; });
  await press(page, "form button");
  await page.waitForSelector(".problems:focus", { timeout: 5000 }).catch(() => {
    faults.add(`form with problems (${language}): the summary has no focus`);
  });
  await see("02-form-problems");
  await page.fill("#address", address);
  await page.fill("#name", language === "ar" ? "نورة" : "Nora");
  await page.locator("input[name=choice]").first().check();
  await press(page, "form button");
  await see("03-asked");

  const confirm = await link(site, address, "confirm");
  await page.goto(confirm);
  await see("04-confirm");
  await press(page, "form button");
  await see("05-confirmed");
  await page.goto(confirm);
  await press(page, "form button");
  await see("06-confirmed-before");
  await page.goto(`${confirm.slice(0, -3)}AAA`);
  await see("07-gone");

  await page.goto(confirm);
  await press(page, "form button");
  await press(page, "main p a");
  await see("08-preferences");
  await page.fill("#time-zone", "Mars/Olympus");
  await press(page, "form:not(.leave) button");
  await see("09-preferences-problems");
  await page.fill("#time-zone", "Europe/Berlin");
  await page.selectOption("#language", language);
  await page.selectOption("#time", "");
  for (const box of await page.locator("input[value$=':*']").all()) await box.check();
  await press(page, "form:not(.leave) button");
  await see("10-saved");
  const preferences = page.url();

  await page.goto(`${base}/subscribe/snippet`);
  await see("11-snippet");

  // Everybody's first issue, each on a Monday of their own.
  const monday = new Date(Date.parse("2026-11-23T08:00:00Z") + number * 7 * 86_400_000).toISOString();
  run(site, "send", "weekly", "--at", monday, "--quiet");
  const unsubscribe = await link(site, address, "unsubscribe");
  await page.goto(unsubscribe);
  await see("12-unsubscribe");
  await press(page, "button[value=digest]");
  await see("13-left-digest");
  await page.goto(preferences);
  await press(page, ".leave button");
  await see("14-left-everything");
  await page.goto(preferences);
  await see("15-preferences-after-leaving");

  // Two more, and the next is one too many.
  for (let more = 0; more < 3; more += 1) {
    await page.goto(`${base}/subscribe`);
    await page.fill("#address", address);
    await press(page, "form button");
  }
  await see("16-too-many");
  await page.context().close();
}

/** Copies the form into a page on another origin, and subscribes there. */
async function elsewhere(browser, site, base) {
  const own = createServer();
  await new Promise((done) => own.listen(0, "127.0.0.1", done));
  for (const [number, javaScriptEnabled] of [[101, true], [102, false]]) {
    const page = await somebody(browser, "en", number, { javaScriptEnabled });
    await page.goto(`${base}/subscribe/snippet`);
    const source = await page.locator("pre code").textContent();
    own.removeAllListeners("request").on("request", (_, answer) => {
      answer.setHeader("content-type", "text/html; charset=utf-8");
      answer.end(`<!doctype html><html lang="en"><title>My garden</title><link rel="icon" href="data:,"><h1>My garden</h1>${source}</html>`);
    });
    // Another origin: the same machine, by another name and port.
    await page.goto(`http://localhost:${own.address().port}/`);
    const address = `guest${number}@example.net`;
    await page.locator("input[type=email]").fill(address);
    await page.screenshot({ path: join(folder, `elsewhere-${javaScriptEnabled ? "with" : "without"}-script.png`) });
    await press(page, "form button");
    if (!(await page.locator("main").textContent()).includes(address)) faults.add(`elsewhere: ${page.url()} does not say what is next`);
    await page.goto(await link(site, address, "confirm"));
    await press(page, "form button");
    const story = JSON.parse(run(site, "subscribers", "show", address, "--json"));
    if (story.state !== "active") faults.add(`elsewhere: ${address} is ${story.state}`);
    await page.context().close();
  }
  own.close();
}

const port = await freePort();
const base = `http://127.0.0.1:${port}/mail`;
const site = makeSite(port);
run(site, "run", "--at", today, "--quiet");
const server = await serve(site, today);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  let number = 1;
  for (const language of languages) {
    await walk(browser, site, base, language, number);
    number += 1;
  }
  await elsewhere(browser, site, base);
  // A store that lost a table is a fault of ours.
  const lose = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('ALTER TABLE requests RENAME TO lost')";
  execFileSync("python3", ["-c", lose, join(site, "state/tidings.sqlite")]);
  for (const language of languages) {
    const page = await somebody(browser, language, 100 + number);
    number += 1;
    await page.goto(`${base}/subscribe`);
    await page.fill("#address", "late@example.net");
    await press(page, "form button");
    await look(page, "17-trouble", language);
    await page.context().close();
  }
} finally {
  for (const fault of faults) console.error(fault);
  await browser.close();
  server.kill();
}
console.log(`${looks} looks, ${faults.size} faults; screenshots are in ${folder}`);
process.exit(faults.size ? 1 : 0);
