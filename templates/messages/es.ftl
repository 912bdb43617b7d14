# Lo que dicen los correos, en español. Las explicaciones están en en.ftl.

nameless = lectora o lector
greeting = Hola, { $name }:

subject-one = { $lead } – { $digest }
subject-more = { $lead } y { $count } más – { $digest }

in-this-issue = En este número: { $topics }
in-this-issue-and-more = { $count ->
    [one] En este número: { $topics } y { $count } tema más
   *[other] En este número: { $topics } y { $count } temas más
}

articles = { $count ->
    [one] { $count } artículo
   *[other] { $count } artículos
}
by = Por { $authors }
reading-time = { $count ->
    [one] { $count } minuto de lectura
   *[other] { $count } minutos de lectura
}
comments = { $count ->
    [0] Comentarios
    [one] { $count } comentario
   *[other] { $count } comentarios
}
picture = Imagen: { $alt }
read-on = Seguir leyendo
listen = Escuchar
and-more-in = Y { $count } más en { $category }
all-in = Todos los artículos de { $category }
also-new = También hay novedades
articles-in = { $count ->
    [one] { $count } artículo en { $category }
   *[other] { $count } artículos en { $category }
}

reason = Recibes este correo en { $address } porque te suscribiste a { $digest }.
unsubscribe = Darse de baja
preferences = Cambiar lo que recibes
view-online = Ver en el navegador
past-issues = Números anteriores
about-this-mail = Sobre este correo

archive-title = Números anteriores de { $digest }
archive-reason = Este es un número de { $digest }, que llega por correo.
archive-empty = Todavía no se ha enviado ningún número.
archive-feed = Canal de números

# Cartas: correos a una persona que no son de ningún boletín.
confirm-subject = Confirme, por favor: correos de { $site }
confirm-title = Confirme, por favor
confirm-asked = El { $day } alguien pidió estos correos de { $site } para { $address }:
confirm-here = Para recibirlos, confirme en esta página:
confirm-button = Sí, quiero recibirlos
confirm-by-mail = Para recibirlos, responda a este correo sin cambiar el asunto.
confirm-until = Esto vale hasta el { $day }.
confirm-nothing = Si no fue usted, no tiene que hacer nada: sin su confirmación no recibirá ningún otro correo.
known-subject = Sus correos de { $site }
known-title = Ya los recibe
known-asked = El { $day } alguien pidió estos correos de { $site } para { $address }. Ya los recibe:
known-nothing = Si no fue usted, no tiene que hacer nada: no se ha cambiado nada.

# Páginas para suscribirse, elegir y darse de baja.
subscribe-title = Suscribirse por correo
subscribe-lead = Elija lo que quiere. Un correo le pedirá que confirme; sin eso no se envía nada más.
subscribe-wording = Envíenme los correos elegidos a esta dirección. Puedo darme de baja en cualquier momento con un clic.
field-address = Correo electrónico
field-name = Nombre (puede quedar vacío)
field-choices = Lo que quiere
field-everything = Todo { $digest }
field-language = Idioma
field-language-default = El del correo
field-time-zone = Zona horaria
field-time-zone-hint = Por ejemplo, Europe/Madrid. Vacío: la del correo.
field-hour = Hora
field-hour-default = En cuanto esté listo
button-subscribe = Suscribirse
button-confirm = Confirmar
button-save = Guardar
button-unsubscribe = Darse de baja de { $digest }
button-unsubscribe-all = Darse de baja de todo
problem-title = Revíselo, por favor
problem-address = Eso no es una dirección de correo.
problem-choices = Elija al menos uno.
problem-time-zone = No existe esa zona horaria.
asked-title = Mire en su buzón
asked-lead = Si { $address } es suya, un correo con un enlace está en camino. Sígalo para confirmar. Si en unos minutos no llega nada, mire entre los correos no deseados.
confirm-page-lead = { $address } recibirá estos correos cuando pulse el botón:
confirmed-title = Gracias
confirmed-lead = { $address } recibe desde ahora estos correos:
confirmed-before = Ya estaba confirmado.
preferences-title = Lo que recibe
preferences-lead = Correos a { $address }
preferences-left = Se ha dado de baja. Para volver, elija algo y guarde.
preferences-saved = Guardado.
unsubscribe-title = Darse de baja
unsubscribe-lead = { $address } recibe { $digest } hasta que pulse el botón.
left-title = Se ha dado de baja
left-digest = { $address } ya no recibe { $digest }.
left-everything = { $address } ya no recibe correos nuestros.
left-again = Volver a elegir
gone-title = Este enlace ya no vale
gone-lead = Ha caducado o no se copió entero. Puede pedirlo de nuevo.
trouble-title = No ha funcionado
trouble-many = Hay demasiadas peticiones en este momento. Inténtelo de nuevo dentro de una hora.
trouble-ours = Algo va mal aquí y no se ha cambiado nada. Inténtelo de nuevo más tarde.
