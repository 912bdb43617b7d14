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
