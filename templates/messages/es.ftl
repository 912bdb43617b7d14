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
preferences = Cambiar lo que recibe
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
subscribe-lead = Elija lo que quiere leer. Le enviamos un correo para que confirme; sin eso no se envía nada más.
subscribe-wording = Envíenme los correos elegidos a esta dirección. Puedo darme de baja en cualquier momento con un clic.
field-address = Correo electrónico
field-name = Nombre (opcional)
field-choices = Lo que quiere leer
field-everything = Todo { $digest }
field-language = Idioma
field-language-default = El idioma habitual del correo
field-time-zone = Zona horaria
field-time-zone-hint = Por ejemplo, Europe/Madrid. Vacío: la del remitente.
field-hour = Hora
field-hour-default = En cuanto esté listo
button-subscribe = Suscribirse
button-confirm = Confirmar
button-save = Guardar
button-unsubscribe = Darse de baja de { $digest }
button-unsubscribe-all = Darse de baja de todo
problem-title = Revise los datos, por favor
problem-address = Esto no es una dirección de correo. Escriba una como nombre@example.org.
problem-choices = Elija al menos una opción.
problem-time-zone = No existe esa zona horaria. Escriba una como Europe/Madrid o deje el campo vacío.
asked-title = Mire en su buzón
asked-lead = Si { $address } es su dirección, le llegará un correo. Siga el enlace que contiene para confirmar. Si en unos minutos no llega nada, mire en la carpeta de correo no deseado.
confirm-page-lead = Pulse el botón para recibir estos correos en { $address }:
confirmed-title = Gracias
confirmed-lead = Desde ahora, { $address } recibe estos correos:
confirmed-before = Ya lo había confirmado. No hay que hacer nada más.
preferences-title = Lo que recibe
preferences-lead = Elija qué enviamos a { $address }, y cómo.
preferences-left = Ya no recibe correos nuestros. Para volver, elija algo y guarde.
preferences-saved = Guardado.
unsubscribe-title = Darse de baja
unsubscribe-lead = ¿Quiere que { $address } deje de recibir { $digest }?
left-title = Se ha dado de baja
left-digest = { $address } ya no recibe { $digest }.
left-everything = { $address } ya no recibe correos nuestros.
left-again = Volver a elegir
gone-title = Este enlace ya no sirve
gone-lead = Ha caducado o no se copió entero. Puede suscribirse de nuevo.
trouble-title = No ha funcionado
trouble-many = Hay demasiadas peticiones en este momento. Inténtelo de nuevo dentro de una hora.
trouble-ours = Ha habido un error por nuestra parte y no se ha cambiado nada. Inténtelo de nuevo más tarde.
snippet-title = Un formulario para sus propias páginas
snippet-lead = Copie estas líneas en una de sus páginas. El formulario no necesita scripts ni estilos, y tiene el aspecto de su página.
