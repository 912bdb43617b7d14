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
subscribe-lead = Choisissez ce que vous voulez lire. Nous envoyons un message qui vous demande de confirmer ; sans cela, rien d’autre n’est envoyé.
subscribe-wording = Envoyez-moi les messages choisis à cette adresse. Je peux me désabonner à tout moment en un clic.
field-address = Adresse électronique
field-name = Nom (facultatif)
field-choices = Ce que vous voulez lire
field-everything = Tout { $digest }
field-language = Langue
field-language-default = La langue habituelle du message
field-time-zone = Fuseau horaire
field-time-zone-hint = Par exemple Europe/Paris. Vide : celui de l’expéditeur.
field-hour = Heure
field-hour-default = Dès que le message est prêt
button-subscribe = S’abonner
button-confirm = Confirmer
button-save = Enregistrer
button-unsubscribe = Se désabonner de { $digest }
button-unsubscribe-all = Se désabonner de tout
problem-title = Merci de vérifier votre saisie
problem-address = Ce n’est pas une adresse électronique. Saisissez-en une comme nom@example.org.
problem-choices = Choisissez au moins un élément.
problem-time-zone = Ce fuseau horaire n’existe pas. Saisissez-en un comme Europe/Paris, ou laissez le champ vide.
asked-title = Consultez votre boîte de réception
asked-lead = Si { $address } est votre adresse, un message vous est envoyé. Suivez le lien qu’il contient pour confirmer. Si rien n’arrive après quelques minutes, regardez parmi les indésirables.
confirm-page-lead = Appuyez sur le bouton pour recevoir ces messages à { $address } :
confirmed-title = Merci
confirmed-lead = Désormais, { $address } reçoit ces messages :
confirmed-before = Vous l’aviez déjà confirmé. Il n’y a plus rien à faire.
preferences-title = Ce que vous recevez
preferences-lead = Choisissez ce que nous envoyons à { $address }, et comment.
preferences-left = Vous ne recevez plus de messages de notre part. Pour revenir, choisissez quelque chose et enregistrez.
preferences-saved = C’est enregistré.
unsubscribe-title = Se désabonner
unsubscribe-lead = Voulez-vous que { $address } ne reçoive plus { $digest } ?
left-title = Votre désabonnement est enregistré
left-digest = { $address } ne reçoit plus { $digest }.
left-everything = { $address } ne reçoit plus de messages de notre part.
left-again = Choisir de nouveau
gone-title = Ce lien n’est plus valable
gone-lead = Il a expiré ou n’a pas été copié en entier. Vous pouvez vous abonner de nouveau.
trouble-title = Cela n’a pas marché
trouble-many = Il y a trop de demandes en ce moment. Merci de réessayer dans une heure.
trouble-ours = Une erreur s’est produite de notre côté, et rien n’a été changé. Merci de réessayer plus tard.
snippet-title = Un formulaire pour vos propres pages
snippet-lead = Copiez ces lignes dans l’une de vos pages. Le formulaire n’a besoin ni de script ni de style et prend l’aspect de votre page.
