# Ce que disent les messages, en français. Les explications sont dans en.ftl.

nameless = chère lectrice, cher lecteur
greeting = Bonjour { $name },

subject-one = { $lead } – { $digest }
subject-more = { $count ->
    [one] { $lead } et { $count } autre – { $digest }
   *[other] { $lead } et { $count } autres – { $digest }
}

in-this-issue = Dans ce numéro : { $topics }
in-this-issue-and-more = { $count ->
    [one] Dans ce numéro : { $topics } et { $count } autre sujet
   *[other] Dans ce numéro : { $topics } et { $count } autres sujets
}

articles = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
by = Par { $authors }
reading-time = { $count ->
    [one] { $count } minute de lecture
   *[other] { $count } minutes de lecture
}
comments = { $count ->
    [0] Commentaires
    [one] { $count } commentaire
   *[other] { $count } commentaires
}
picture = Image : { $alt }
read-on = Lire la suite
listen = Écouter
and-more-in = { $count ->
    [one] Et { $count } autre dans { $category }
   *[other] Et { $count } autres dans { $category }
}
all-in = Tous les articles dans { $category }
also-new = Également nouveau
articles-in = { $count ->
    [one] { $count } article dans { $category }
   *[other] { $count } articles dans { $category }
}

reason = Vous recevez ce message à { $address } car vous êtes abonné à { $digest }.
unsubscribe = Se désabonner
preferences = Modifier vos choix
view-online = Voir dans le navigateur
past-issues = Numéros précédents
about-this-mail = À propos de ce message

archive-title = Numéros précédents de { $digest }
archive-reason = Ceci est un numéro de { $digest }, envoyé par courriel.
archive-empty = Aucun numéro n’a encore été envoyé.
archive-feed = Flux des numéros
