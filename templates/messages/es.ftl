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
