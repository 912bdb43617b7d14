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

# Lettres : des messages à une personne, hors de tout numéro.
confirm-subject = À confirmer : les messages de { $site }
confirm-title = Merci de confirmer
confirm-asked = Le { $day }, quelqu’un a demandé ces messages de { $site } pour { $address } :
confirm-here = Pour les recevoir, confirmez sur cette page :
confirm-button = Oui, je veux les recevoir
confirm-by-mail = Pour les recevoir, répondez à ce message sans changer son objet.
confirm-until = C’est valable jusqu’au { $day }.
confirm-nothing = Si ce n’était pas vous, il n’y a rien à faire : sans votre confirmation, vous ne recevrez plus rien.
known-subject = Vos messages de { $site }
known-title = Vous les recevez déjà
known-asked = Le { $day }, quelqu’un a demandé ces messages de { $site } pour { $address }. Vous les recevez déjà :
known-nothing = Si ce n’était pas vous, il n’y a rien à faire : rien n’a été changé.

# Pages pour s’abonner, choisir et se désabonner.
subscribe-title = S’abonner par courriel
subscribe-lead = Choisissez ce que vous voulez. Un message vous demandera de confirmer ; sans cela, rien d’autre n’est envoyé.
subscribe-wording = Envoyez-moi les messages choisis à cette adresse. Je peux me désabonner à tout moment en un clic.
field-address = Adresse électronique
field-name = Nom (facultatif)
field-choices = Ce que vous voulez
field-everything = Tout { $digest }
field-language = Langue
field-language-default = Celle du message
field-time-zone = Fuseau horaire
field-time-zone-hint = Par exemple Europe/Paris. Vide : celui du message.
field-hour = Heure
field-hour-default = Dès que le message est prêt
button-subscribe = S’abonner
button-confirm = Confirmer
button-save = Enregistrer
button-unsubscribe = Se désabonner de { $digest }
button-unsubscribe-all = Se désabonner de tout
problem-title = Merci de vérifier
problem-address = Ce n’est pas une adresse électronique.
problem-choices = Choisissez au moins un élément.
problem-time-zone = Ce fuseau horaire n’existe pas.
asked-title = Regardez votre boîte de réception
asked-lead = Si { $address } est à vous, un message avec un lien est en route. Suivez le lien pour confirmer. Si rien n’arrive après quelques minutes, regardez parmi les indésirables.
confirm-page-lead = { $address } recevra ces messages dès que vous aurez appuyé sur le bouton :
confirmed-title = Merci
confirmed-lead = { $address } reçoit désormais ces messages :
confirmed-before = C’était déjà confirmé.
preferences-title = Ce que vous recevez
preferences-lead = Messages à { $address }
preferences-left = Vous êtes désabonné. Pour revenir, choisissez quelque chose et enregistrez.
preferences-saved = C’est enregistré.
unsubscribe-title = Se désabonner
unsubscribe-lead = { $address } reçoit { $digest } jusqu’à ce que vous appuyiez sur le bouton.
left-title = Vous êtes désabonné
left-digest = { $address } ne reçoit plus { $digest }.
left-everything = { $address } ne reçoit plus de messages de notre part.
left-again = Choisir de nouveau
gone-title = Ce lien n’est plus valable
gone-lead = Il a expiré ou n’a pas été copié en entier. Vous pouvez refaire une demande.
trouble-title = Cela n’a pas marché
trouble-many = Trop de demandes en ce moment. Merci de réessayer dans une heure.
trouble-ours = Quelque chose ne va pas ici, et rien n’a été changé. Merci de réessayer plus tard.
