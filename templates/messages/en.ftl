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

# Letters: mails to one person that are of no digest.
confirm-subject = Please confirm: mails from { $site }
confirm-title = Please confirm
confirm-asked = On { $day } somebody asked for these mails from { $site } to { $address }:
confirm-here = To get them, confirm on this page:
confirm-button = Yes, send them to me
confirm-by-mail = To get them, answer this mail and leave its subject as it is.
confirm-until = This is good until { $day }.
confirm-nothing = If it was not you, there is nothing to do: without your confirmation you get no further mail.
known-subject = Your mails from { $site }
known-title = You get these already
known-asked = On { $day } somebody asked for these mails from { $site } to { $address }. You get them already:
known-nothing = If it was not you, there is nothing to do: nothing was changed.

# Pages for subscribing, choosing and leaving.
subscribe-title = Subscribe by mail
subscribe-lead = Choose what you want. One mail asks you to confirm; without that, nothing else is sent.
subscribe-wording = Send me the chosen mails at this address. I can leave at any time with one click.
field-address = Email address
field-name = Name (may be left empty)
field-choices = What you want
field-everything = Everything in { $digest }
field-language = Language
field-language-default = The mail’s own
field-time-zone = Time zone
field-time-zone-hint = As in Europe/London. Empty: the mail’s own.
field-hour = Time of day
field-hour-default = As soon as it is ready
button-subscribe = Subscribe
button-confirm = Confirm
button-save = Save
button-unsubscribe = Unsubscribe from { $digest }
button-unsubscribe-all = Unsubscribe from everything
problem-title = Please look again
problem-address = That is no email address.
problem-choices = Choose at least one.
problem-time-zone = There is no such time zone.
asked-title = Look into your mailbox
asked-lead = If { $address } is yours, a mail with a link is on its way. Follow the link to confirm. If nothing has come after a few minutes, look among unwanted mail.
confirm-page-lead = { $address } gets these mails once you press the button:
confirmed-title = Thank you
confirmed-lead = { $address } gets these mails from now on:
confirmed-before = This was confirmed before.
preferences-title = What you get
preferences-lead = Mails to { $address }
preferences-left = You have left. To come back, choose something and save.
preferences-saved = Saved.
unsubscribe-title = Unsubscribe
unsubscribe-lead = { $address } gets { $digest } until you press the button.
left-title = You have left
left-digest = { $address } gets { $digest } no more.
left-everything = { $address } gets no more mails from us.
left-again = To choose again
gone-title = This link is good no more
gone-lead = It has expired, or was not copied whole. You can ask again.
trouble-title = That did not work
trouble-many = Too many have asked just now. Please try again in an hour.
trouble-ours = Something is wrong here, and nothing was changed. Please try again later.
