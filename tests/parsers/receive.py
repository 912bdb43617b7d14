"""A mail server by other people: aiosmtpd on a free port, for the test that starts it.

Prints its port, then for each message it took one line of JSON: envelope, and what Python's own email package,
with its strict policy, reads in it. Ends when its standard input does.
"""

import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP


class Handler:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
        parts = [part for part in message.walk() if not part.is_multipart()]
        print(
            json.dumps(
                {
                    "sender": envelope.mail_from,
                    "recipients": envelope.rcpt_tos,
                    "headers": [[name, str(value)] for name, value in message.items()],
                    "types": [part.get_content_type() for part in parts],
                    "text": parts[0].get_content(),
                    "defects": [repr(defect) for part in message.walk() for defect in part.defects],
                }
            ),
            flush=True,
        )
        return "250 2.0.0 taken"


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler()), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(serve())
