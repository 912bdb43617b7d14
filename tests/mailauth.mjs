// Verifies the DKIM signatures of mails with mailauth, against records that it serves itself, over UDP on a free port;
// and sees that each fails once the body, Subject or List-Unsubscribe is another, or a second From is added. Ends with 1
// if not. Run by hand, for it needs Node; in the folder of a site that signs and has sent into its outbox:
//
//     npm install --prefix target/node mailauth
//     tidings dkim record --json > records.json
//     NODE_PATH=target/node/node_modules node tests/mailauth.mjs records.json outbox/new/*

import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { authenticate } = createRequire(import.meta.url)("mailauth");
const [records, ...mails] = process.argv.slice(2);
const known = JSON.parse(readFileSync(records, "utf8"));
const texts = new Map(known.map((record) => [record.name.toLowerCase(), record.strings]));

// The name of a question begins behind the head of 12 bytes, each label behind its length (RFC 1035, 4.1).
function nameOf(query) {
  const labels = [];
  let at = 12;
  while (query[at] > 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + query[at]));
    at += query[at] + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 5 };
}

function answer(query) {
  const { name, end } = nameOf(query);
  const type = query.readUInt16BE(end - 4);
  const found = type === 16 ? texts.get(name) : undefined;
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(texts.has(name) ? 0x8400 : 0x8403, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(found ? 1 : 0, 6);
  const parts = [head, query.subarray(12, end)];
  if (found) {
    const strings = found.map((text) => [Buffer.from([text.length]), Buffer.from(text, "latin1")]);
    const data = Buffer.concat(strings.flat());
    const record = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 0xff]);
    parts.push(record, data);
  }
  return Buffer.concat(parts);
}

const server = createSocket("udp4");
server.on("message", (query, client) => server.send(answer(query), client.port, client.address));
await new Promise((ready) => server.bind(0, "127.0.0.1", ready));
const resolver = new Resolver();
resolver.setServers([`127.0.0.1:${server.address().port}`]);

async function verdicts(mail) {
  const { dkim } = await authenticate(mail, { resolver: (name, type) => resolver.resolve(name, type), disableArc: true });
  return dkim.results.map(({ status, selector, algo }) => ({
    passes: status.result === "pass",
    shown: `${selector} ${algo} ${status.result}${status.comment ? ` (${status.comment})` : ""}`,
  }));
}

const changes = {
  "as it is": (text) => text,
  "body changed": (text) => text.replace(/\S(?=\s*$)/, "x"),
  "Subject changed": (text) => text.replace(/^Subject: /m, "Subject: x"),
  "List-Unsubscribe changed": (text) => text.replace(/^List-Unsubscribe:\s*</m, "List-Unsubscribe: <x"),
  "second From on top": (text) => `From: Eve <eve@example.com>\r\n${text}`,
  "second From below": (text) => text.replace("\r\n\r\n", "\r\nFrom: Eve <eve@example.com>\r\n\r\n"),
};
let faults = 0;
for (const path of mails) {
  const mail = readFileSync(path, "latin1");
  for (const [name, change] of Object.entries(changes)) {
    const changed = change(mail);
    const found = await verdicts(Buffer.from(changed, "latin1"));
    const isWhole = name === "as it is";
    const isRight = found.length > 0 && found.every(({ passes }) => passes === isWhole) && (changed === mail) === isWhole;
    if (!isRight) faults += 1;
    console.log(`${name}: ${found.map(({ shown }) => shown).join(", ")}${isRight ? "" : "  WRONG"}`);
  }
}
console.log(`${mails.length} mails, ${faults} faults`);
server.close();
process.exit(faults > 0 || mails.length === 0 ? 1 : 0);
