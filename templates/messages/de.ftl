# Was E-Mails sagen, auf Deutsch. Die Erklärungen stehen in en.ftl.

nameless = Leserin oder Leser
greeting = Guten Tag, { $name },

subject-one = { $lead } – { $digest }
subject-more = { $lead } und { $count } weitere – { $digest }

in-this-issue = In dieser Ausgabe: { $topics }
in-this-issue-and-more = { $count ->
    [one] In dieser Ausgabe: { $topics } und 1 weiteres Thema
   *[other] In dieser Ausgabe: { $topics } und { $count } weitere Themen
}

articles = { $count ->
    [one] { $count } Artikel
   *[other] { $count } Artikel
}
by = Von { $authors }
reading-time = { $count ->
    [one] 1 Minute Lesezeit
   *[other] { $count } Minuten Lesezeit
}
comments = { $count ->
    [0] Kommentare
    [one] { $count } Kommentar
   *[other] { $count } Kommentare
}
picture = Bild: { $alt }
read-on = Weiterlesen
listen = Anhören
and-more-in = Und { $count } weitere in { $category }
all-in = Alle Artikel in { $category }
also-new = Ebenfalls neu
articles-in = { $count ->
    [one] { $count } Artikel in { $category }
   *[other] { $count } Artikel in { $category }
}

reason = Sie erhalten diese E-Mail unter { $address }, weil Sie { $digest } abonniert haben.
unsubscribe = Abbestellen
preferences = Auswahl ändern
view-online = Im Browser ansehen
past-issues = Frühere Ausgaben
about-this-mail = Über diese E-Mail

archive-title = Frühere Ausgaben von { $digest }
archive-reason = Dies ist eine Ausgabe von { $digest }, die per E-Mail kommt.
archive-empty = Noch ist keine Ausgabe erschienen.
archive-feed = Feed der Ausgaben

# Briefe: Mails an eine Person, die zu keiner Ausgabe gehören.
confirm-subject = Bitte bestätigen: Mails von { $site }
confirm-title = Bitte bestätigen
confirm-asked = Am { $day } hat jemand diese Mails von { $site } für { $address } bestellt:
confirm-here = Um sie zu bekommen, bestätigen Sie auf dieser Seite:
confirm-button = Ja, bitte schicken
confirm-by-mail = Um sie zu bekommen, antworten Sie auf diese Mail und lassen Sie den Betreff, wie er ist.
confirm-until = Das gilt bis zum { $day }.
confirm-nothing = Wenn Sie das nicht waren, ist nichts zu tun: Ohne Ihre Bestätigung kommt keine weitere Mail.
known-subject = Ihre Mails von { $site }
known-title = Das bekommen Sie schon
known-asked = Am { $day } hat jemand diese Mails von { $site } für { $address } bestellt. Sie bekommen sie schon:
known-nothing = Wenn Sie das nicht waren, ist nichts zu tun: Es wurde nichts geändert.

# Seiten zum Abonnieren, Auswählen und Abbestellen.
subscribe-title = Per Mail abonnieren
subscribe-lead = Wählen Sie, was Sie möchten. Eine Mail bittet um Ihre Bestätigung; ohne sie kommt nichts weiter.
subscribe-wording = Schickt mir die gewählten Mails an diese Adresse. Ich kann sie jederzeit mit einem Klick abbestellen.
field-address = E-Mail-Adresse
field-name = Name (kann leer bleiben)
field-choices = Was Sie möchten
field-everything = Alles aus { $digest }
field-language = Sprache
field-language-default = Die der Mail
field-time-zone = Zeitzone
field-time-zone-hint = Zum Beispiel Europe/Berlin. Leer: die der Mail.
field-hour = Uhrzeit
field-hour-default = Sobald sie fertig ist
button-subscribe = Abonnieren
button-confirm = Bestätigen
button-save = Speichern
button-unsubscribe = { $digest } abbestellen
button-unsubscribe-all = Alles abbestellen
problem-title = Bitte noch einmal ansehen
problem-address = Das ist keine E-Mail-Adresse.
problem-choices = Wählen Sie mindestens eines.
problem-time-zone = Diese Zeitzone gibt es nicht.
asked-title = Sehen Sie in Ihr Postfach
asked-lead = Wenn { $address } Ihre Adresse ist, ist eine Mail mit einem Link unterwegs. Folgen Sie ihm, um zu bestätigen. Kommt nach ein paar Minuten nichts, sehen Sie bei den unerwünschten Mails nach.
confirm-page-lead = { $address } bekommt diese Mails, sobald Sie auf den Knopf drücken:
confirmed-title = Danke
confirmed-lead = { $address } bekommt von jetzt an diese Mails:
confirmed-before = Das wurde schon bestätigt.
preferences-title = Was Sie bekommen
preferences-lead = Mails an { $address }
preferences-left = Sie haben alles abbestellt. Um zurückzukommen, wählen Sie etwas und speichern Sie.
preferences-saved = Gespeichert.
unsubscribe-title = Abbestellen
unsubscribe-lead = { $address } bekommt { $digest }, bis Sie auf den Knopf drücken.
left-title = Abbestellt
left-digest = { $address } bekommt { $digest } nicht mehr.
left-everything = { $address } bekommt keine Mails mehr von uns.
left-again = Neu auswählen
gone-title = Dieser Link gilt nicht mehr
gone-lead = Er ist abgelaufen oder wurde nicht ganz kopiert. Sie können neu bestellen.
trouble-title = Das hat nicht geklappt
trouble-many = Gerade haben zu viele gefragt. Bitte versuchen Sie es in einer Stunde wieder.
trouble-ours = Hier stimmt etwas nicht, und es wurde nichts geändert. Bitte versuchen Sie es später wieder.
