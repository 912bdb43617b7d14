# What mails say, in English. Every other language has the same messages; what one lacks is said in English.
# The notation is Fluent's (projectfluent.org): { $name } is what Tidings puts in, and [one] … *[other] are the plural
# forms of the language. To change a message, write it into messages/en.ftl in your own folder of templates.

# What a reader without a name is called.
nameless = reader
greeting = Hello { $name },

# The subject.
subject-one = { $lead } – { $digest }
subject-more = { $lead } and { $count } more – { $digest }

# The line that mailboxes show beside the subject.
in-this-issue = In this issue: { $topics }
in-this-issue-and-more = { $count ->
    [one] In this issue: { $topics } and 1 more topic
   *[other] In this issue: { $topics } and { $count } more topics
}

articles = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
by = By { $authors }
reading-time = { $count ->
    [one] 1 minute to read
   *[other] { $count } minutes to read
}
comments = { $count ->
    [0] Comments
    [one] { $count } comment
   *[other] { $count } comments
}
picture = Picture: { $alt }
read-on = Read on
listen = Listen
and-more-in = And { $count } more in { $category }
all-in = All articles in { $category }
also-new = Also new
articles-in = { $count ->
    [one] { $count } article in { $category }
   *[other] { $count } articles in { $category }
}

# Below the line.
reason = You get this mail at { $address } because you subscribed to { $digest }.
unsubscribe = Unsubscribe
preferences = Change what you get
view-online = View in browser
past-issues = Past issues
about-this-mail = About this mail

# The archive of past issues.
archive-title = Past issues of { $digest }
archive-reason = This is an issue of { $digest }, which comes by mail.
archive-empty = No issue has been sent yet.
archive-feed = Feed of issues
