"""Verifies the DKIM signatures of mails with dkimpy, against records that it serves itself, over UDP on a free port.

Arguments: a file of JSON with the records (name and strings, as `tidings dkim record --json` prints them), then mails.
Prints one line of JSON for each mail: for each signature in its order "pass" or why not.
"""

import json
import socket
import sys
import threading

import dkim
import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset


def serve(records):
    """A name server that knows these TXT records and no others; gives its port."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def answer():
        while True:
            query, client = server.recvfrom(4096)
            message = dns.message.from_wire(query)
            response = dns.message.make_response(message)
            response.flags |= dns.flags.AA
            question = message.question[0]
            found = records.get(question.name.to_text().rstrip(".").lower())
            if found is None:
                response.set_rcode(dns.rcode.NXDOMAIN)
            else:
                text = " ".join(f'"{string}"' for string in found)
                response.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", text))
            server.sendto(response.to_wire(), client)

    threading.Thread(target=answer, daemon=True).start()
    return server.getsockname()[1]


def resolver_at(port):
    """Looks up as dkimpy asks for it: the strings of the first TXT record as one, or nothing."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], port, 10

    def look_up(name, timeout=5):
        try:
            answer = resolver.resolve(name.decode(), "TXT", search=False)
        except dns.resolver.NXDOMAIN:
            return None
        return b"".join(answer[0].strings)

    return look_up


def verdicts(mail, look_up):
    message = dkim.DKIM(mail)
    count = sum(1 for name, _ in message.headers if name.lower() == b"dkim-signature")
    found = []
    for index in range(count):
        try:
            found.append("pass" if message.verify(index, dnsfunc=look_up) else "the signature is wrong")
        except dkim.DKIMException as error:
            found.append(str(error))
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        records = {record["name"].lower(): record["strings"] for record in json.load(file)}
    look_up = resolver_at(serve(records))
    for path in sys.argv[2:]:
        with open(path, "rb") as file:
            print(json.dumps(verdicts(file.read(), look_up)))


main()
