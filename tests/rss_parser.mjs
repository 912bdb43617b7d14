// Reads the RSS and Atom feeds that it is given with rss-parser, and ends with 1 if one of them can't be read or has no
// title, link or date. Run by hand, for it needs Node:
//
//     npm install --prefix target/node rss-parser
//     NODE_PATH=target/node/node_modules node tests/rss_parser.mjs $(find public -name '*.xml')

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const Parser = createRequire(import.meta.url)("rss-parser");
const parser = new Parser();
let faults = 0;
let entries = 0;
for (const path of process.argv.slice(2)) {
  const fault = (text) => {
    faults += 1;
    console.error(`${path}: ${text}`);
  };
  try {
    const feed = await parser.parseString(readFileSync(path, "utf8"));
    if (!feed.title) fault("no title");
    for (const item of feed.items) {
      entries += 1;
      if (!item.title || !item.link || Number.isNaN(Date.parse(item.isoDate))) fault(`an entry without: ${item.title}`);
    }
  } catch (error) {
    fault(error.message);
  }
}
console.log(`${process.argv.length - 2} feeds, ${entries} entries, ${faults} faults`);
process.exit(faults > 0 ? 1 : 0);
