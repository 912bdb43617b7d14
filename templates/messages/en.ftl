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
subscribe-lead = Choose what you would like to read. We send one mail that asks you to confirm, and nothing else until you do.
subscribe-wording = Send me the chosen mails at this address. I can unsubscribe at any time with one click.
field-address = Email address
field-name = Name (optional)
field-choices = What you would like to read
field-everything = Everything in { $digest }
field-language = Language
field-language-default = The mail’s usual language
field-time-zone = Time zone
field-time-zone-hint = For example Europe/London. Leave it empty for the sender’s own.
field-hour = Time of day
field-hour-default = As soon as it is ready
button-subscribe = Subscribe
button-confirm = Confirm
button-save = Save
button-unsubscribe = Unsubscribe from { $digest }
button-unsubscribe-all = Unsubscribe from everything
problem-title = Please check what you entered
problem-address = This is not an email address. Enter one such as name@example.org.
problem-choices = Choose at least one.
problem-time-zone = There is no such time zone. Enter one such as Europe/London, or leave it empty.
asked-title = Check your mailbox
asked-lead = If { $address } is your address, a mail is on its way to you. Follow the link in it to confirm. If nothing has come after a few minutes, look in your spam folder.
confirm-page-lead = Press the button to get these mails at { $address }:
confirmed-title = Thank you
confirmed-lead = From now on, { $address } gets these mails:
confirmed-before = You confirmed this before. There is nothing more to do.
preferences-title = What you get
preferences-lead = Choose what we send to { $address }, and how.
preferences-left = You get no mails from us now. To come back, choose something and save.
preferences-saved = Saved.
unsubscribe-title = Unsubscribe
unsubscribe-lead = Stop sending { $digest } to { $address }?
left-title = You have unsubscribed
left-digest = { $address } no longer gets { $digest }.
left-everything = { $address } gets no more mails from us.
left-again = Choose again
gone-title = This link no longer works
gone-lead = It has expired, or was not copied in full. You can subscribe again.
trouble-title = That did not work
trouble-many = Too many requests have come just now. Please try again in an hour.
trouble-ours = There is a fault on our side, and nothing was changed. Please try again later.
snippet-title = A form for your own pages
snippet-lead = Copy these lines into a page of yours. The form needs neither scripts nor styles, and looks as your page does.
