# ما تقوله الرسائل بالعربية. الشرح في en.ftl.

nameless = عزيزنا القارئ
greeting = مرحبًا { $name }،

subject-one = { $lead } – { $digest }
subject-more = { $lead } و{ $count } أخرى – { $digest }

in-this-issue = في هذا العدد: { $topics }
in-this-issue-and-more = { $count ->
    [one] في هذا العدد: { $topics } وموضوع آخر
    [two] في هذا العدد: { $topics } وموضوعان آخران
    [few] في هذا العدد: { $topics } و{ $count } مواضيع أخرى
   *[other] في هذا العدد: { $topics } و{ $count } موضوعًا آخر
}

articles = { $count ->
    [zero] لا مقالات
    [one] مقال واحد
    [two] مقالان
    [few] { $count } مقالات
    [many] { $count } مقالًا
   *[other] { $count } مقال
}
by = بقلم { $authors }
reading-time = { $count ->
    [one] دقيقة واحدة للقراءة
    [two] دقيقتان للقراءة
    [few] { $count } دقائق للقراءة
   *[other] { $count } دقيقة للقراءة
}
comments = { $count ->
    [0] التعليقات
    [one] تعليق واحد
    [two] تعليقان
    [few] { $count } تعليقات
   *[other] { $count } تعليقًا
}
picture = صورة: { $alt }
read-on = تابع القراءة
listen = استمع
and-more-in = { $count ->
    [one] ومقال آخر في { $category }
    [two] ومقالان آخران في { $category }
    [few] و{ $count } مقالات أخرى في { $category }
   *[other] و{ $count } مقالًا آخر في { $category }
}
all-in = كل المقالات في { $category }
also-new = جديد أيضًا
articles-in = { $count ->
    [zero] لا مقالات في { $category }
    [one] مقال واحد في { $category }
    [two] مقالان في { $category }
    [few] { $count } مقالات في { $category }
    [many] { $count } مقالًا في { $category }
   *[other] { $count } مقال في { $category }
}

reason = تصلك هذه الرسالة على { $address } لأنك اشتركت في { $digest }.
unsubscribe = إلغاء الاشتراك
preferences = تغيير ما يصلك
view-online = عرض في المتصفح
past-issues = الأعداد السابقة
about-this-mail = عن هذه الرسالة

archive-title = الأعداد السابقة من { $digest }
archive-reason = هذا عدد من { $digest } التي تصل بالبريد.
archive-empty = لم يُرسل أي عدد بعد.
archive-feed = تلقيمة الأعداد
