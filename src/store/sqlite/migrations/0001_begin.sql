-- Moments are seconds since 1970, UTC. Lists are JSON.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- The publication ledger. Rows are never deleted: a number is never given twice.
CREATE TABLE publications (
    number          INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    declared_id     TEXT,
    path            TEXT NOT NULL,
    title           TEXT NOT NULL,
    date            TEXT,
    content_hash    TEXT NOT NULL,
    first_published INTEGER NOT NULL,
    changed         INTEGER,
    categories      TEXT NOT NULL,
    withdrawn       INTEGER
) STRICT;

-- What was written to the output folder, to know what is gone.
CREATE TABLE published_files (
    root TEXT NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (root, path)
) STRICT, WITHOUT ROWID;

-- What WebSub hubs were told of each feed address. `wanted` is what is published, `told` what the hub knows of: where they
-- differ, it is to be told, from `next_attempt` on; without one it was given up, and `problem` says why.
CREATE TABLE pings (
    hub          TEXT NOT NULL,
    address      TEXT NOT NULL,
    wanted       TEXT NOT NULL,
    told         TEXT,
    since        INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    next_attempt INTEGER,
    problem      TEXT,
    PRIMARY KEY (hub, address)
) STRICT, WITHOUT ROWID;

-- Hashes of what the last quiet run told, so that the next one does not repeat it.
CREATE TABLE notices (
    hash TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Keys that tokens are signed with. Those of mails that went out stay good until they are retired.
CREATE TABLE keys (
    id      INTEGER PRIMARY KEY,
    secret  TEXT NOT NULL,
    made    INTEGER NOT NULL,
    retired INTEGER
) STRICT;

CREATE TABLE subscribers (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    key     TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    name    TEXT NOT NULL,
    -- The language that they asked for (BCP 47), their time zone (IANA), and the minute after midnight at which they want
    -- their mail.
    language TEXT,
    time_zone TEXT,
    minute  INTEGER,
    state   TEXT NOT NULL CHECK (state IN ('pending', 'active', 'unsubscribed')),
    added   INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT;

CREATE TABLE subscriptions (
    digest     TEXT NOT NULL,
    subscriber INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    category   TEXT NOT NULL,
    -- The newest article when it was made, where its first issue began, and up to where it was served.
    joined     INTEGER,
    base       INTEGER,
    served     INTEGER,
    PRIMARY KEY (digest, subscriber, category)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_by_subscriber ON subscriptions (subscriber);

-- Addresses that must never be mailed. Of somebody who was erased there is a keyed hash alone, and no address.
CREATE TABLE suppressions (
    key     TEXT PRIMARY KEY,
    address TEXT,
    cause   TEXT NOT NULL CHECK (cause IN ('operator', 'bounces', 'complaint', 'erased')),
    reason  TEXT NOT NULL,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What somebody asked for and has to confirm.
-- received: nobody has looked at it; waiting: a letter is to be sent; mailed: it was; confirmed; given-up: it can't be sent.
CREATE TABLE requests (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    key          TEXT NOT NULL,
    pseudonym    TEXT NOT NULL,
    address      TEXT NOT NULL,
    name         TEXT NOT NULL,
    language     TEXT,
    time_zone    TEXT,
    -- Pairs of digest and category.
    choices      TEXT NOT NULL,
    -- Where it came from, the hash of the words that were agreed to, and whence (only where that is configured).
    source       TEXT NOT NULL,
    wording      TEXT,
    ip           TEXT,
    received     INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('received', 'waiting', 'mailed', 'confirmed', 'given-up')),
    letter       TEXT CHECK (letter IN ('confirm', 'known')),
    mailed       INTEGER,
    attempts     INTEGER NOT NULL DEFAULT 0,
    next_attempt INTEGER,
    reason       TEXT
) STRICT;
CREATE INDEX requests_by_key ON requests (key);
CREATE INDEX requests_open ON requests (state, next_attempt) WHERE state IN ('received', 'waiting');

-- What happened to an address, was done for it or by whom it belongs to: rows are only ever added, and erased as a whole.
CREATE TABLE activities (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    key    TEXT NOT NULL,
    at     INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    source TEXT NOT NULL,
    detail TEXT NOT NULL,
    -- What can happen once has a mark: the second time nothing is recorded.
    mark   TEXT UNIQUE
) STRICT;
CREATE INDEX activities_by_key ON activities (key);

-- Up to which slot each digest has been dealt with; before its first one, when it was first seen.
CREATE TABLE digests (
    name    TEXT PRIMARY KEY,
    handled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE issues (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    digest     TEXT NOT NULL,
    slot       INTEGER NOT NULL,
    opened     INTEGER NOT NULL,
    upto       INTEGER NOT NULL,
    letterhead TEXT NOT NULL,
    -- open: its deliveries go out; held: they wait for somebody to release it; closed: all are settled; cancelled:
    -- somebody stopped it; empty: there was nothing to send; missed: its slot passed.
    state      TEXT NOT NULL CHECK (state IN ('open', 'held', 'closed', 'cancelled', 'empty', 'missed')),
    reason     TEXT,
    UNIQUE (digest, slot)
) STRICT;

-- Articles that were held out when an issue was opened that would have had them. When they are back, digests count
-- them as if they had the number `news`, which is given from the same counter as publication numbers.
CREATE TABLE absences (
    digest TEXT NOT NULL,
    number INTEGER NOT NULL REFERENCES publications (number),
    news   INTEGER,
    PRIMARY KEY (digest, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE editions (
    issue    INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    key      TEXT NOT NULL,
    language TEXT NOT NULL,
    nameless TEXT NOT NULL,
    subject  TEXT NOT NULL,
    text     TEXT NOT NULL,
    html     TEXT NOT NULL,
    -- The page for the archive; empty where there is none.
    web      TEXT NOT NULL,
    -- The stencil of the whole message, and its SHA-256.
    message  TEXT NOT NULL,
    hash     TEXT NOT NULL,
    -- Categories with the publication numbers of their articles.
    contents TEXT NOT NULL,
    PRIMARY KEY (issue, key)
) STRICT;

-- Subscribers with equal wishes; `wishes` is the signature that the audience is grouped by.
CREATE TABLE cohorts (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    issue   INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    wishes  TEXT NOT NULL,
    edition TEXT,
    reason  TEXT,
    UNIQUE (issue, wishes)
) STRICT;

CREATE TABLE deliveries (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    issue           INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    -- Their number outlives somebody who was erased.
    subscriber      INTEGER NOT NULL,
    cohort          INTEGER REFERENCES cohorts (id),
    address         TEXT NOT NULL,
    name            TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN
                    ('planned', 'leased', 'attempting', 'sent', 'deferred', 'failed', 'uncertain', 'cancelled')),
    reason          TEXT,
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt    INTEGER,
    lease           TEXT,
    maybe_delivered INTEGER NOT NULL DEFAULT 0,
    changed         INTEGER NOT NULL,
    UNIQUE (issue, subscriber)
) STRICT;
CREATE INDEX deliveries_unsettled ON deliveries (state, next_attempt)
    WHERE state IN ('planned', 'leased', 'attempting', 'deferred');
CREATE INDEX deliveries_by_subscriber ON deliveries (subscriber);

-- One row per attempt: what was said, for ever.
CREATE TABLE attempts (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    at       INTEGER NOT NULL,
    outcome  TEXT NOT NULL,
    reply    TEXT NOT NULL
) STRICT;
CREATE INDEX attempts_by_delivery ON attempts (delivery);
