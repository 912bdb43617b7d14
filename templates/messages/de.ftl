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
subscribe-lead = Wählen Sie, was Sie lesen möchten. Wir schicken eine Mail, die um Bestätigung bittet, und ohne Bestätigung nichts weiter.
subscribe-wording = Schickt mir die gewählten Mails an diese Adresse. Ich kann sie jederzeit mit einem Klick abbestellen.
field-address = E-Mail-Adresse
field-name = Name (freiwillig)
field-choices = Was Sie lesen möchten
field-everything = Alles aus { $digest }
field-language = Sprache
field-language-default = Die übliche Sprache der Mail
field-time-zone = Zeitzone
field-time-zone-hint = Zum Beispiel Europe/Berlin. Leer gilt die des Absenders.
field-hour = Uhrzeit
field-hour-default = Sobald die Mail fertig ist
button-subscribe = Abonnieren
button-confirm = Bestätigen
button-save = Speichern
button-unsubscribe = { $digest } abbestellen
button-unsubscribe-all = Alles abbestellen
problem-title = Bitte prüfen Sie Ihre Angaben
problem-address = Das ist keine E-Mail-Adresse. Geben Sie eine wie name@example.org ein.
problem-choices = Wählen Sie mindestens eines aus.
problem-time-zone = Diese Zeitzone gibt es nicht. Geben Sie eine wie Europe/Berlin ein, oder lassen Sie das Feld leer.
asked-title = Sehen Sie in Ihr Postfach
asked-lead = Wenn { $address } Ihre Adresse ist, ist eine Mail an Sie unterwegs. Folgen Sie dem Link darin, um zu bestätigen. Kommt nach ein paar Minuten nichts, sehen Sie im Spam-Ordner nach.
confirm-page-lead = Drücken Sie auf den Knopf, um diese Mails an { $address } zu bekommen:
confirmed-title = Danke
confirmed-lead = Von jetzt an bekommt { $address } diese Mails:
confirmed-before = Das haben Sie schon bestätigt. Mehr ist nicht zu tun.
preferences-title = Was Sie bekommen
preferences-lead = Wählen Sie, was wir an { $address } schicken, und wie.
preferences-left = Sie bekommen keine Mails mehr von uns. Um zurückzukommen, wählen Sie etwas aus und speichern Sie.
preferences-saved = Gespeichert.
unsubscribe-title = Abbestellen
unsubscribe-lead = Soll { $digest } nicht mehr an { $address } kommen?
left-title = Abbestellt
left-digest = { $digest } kommt nicht mehr an { $address }.
left-everything = { $address } bekommt keine Mails mehr von uns.
left-again = Neu auswählen
gone-title = Dieser Link gilt nicht mehr
gone-lead = Er ist abgelaufen oder wurde nicht ganz kopiert. Sie können neu abonnieren.
trouble-title = Das hat nicht geklappt
trouble-many = Gerade kommen zu viele Anfragen. Bitte versuchen Sie es in einer Stunde noch einmal.
trouble-ours = Bei uns ist ein Fehler aufgetreten, und es wurde nichts geändert. Bitte versuchen Sie es später noch einmal.
snippet-title = Ein Formular für Ihre eigenen Seiten
snippet-lead = Kopieren Sie diese Zeilen in eine Ihrer Seiten. Das Formular braucht weder Skripte noch Stile und sieht aus wie Ihre Seite.
