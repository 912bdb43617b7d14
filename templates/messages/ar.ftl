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

# رسائل إلى شخص واحد لا تخصّ أي نشرة.
confirm-subject = يرجى التأكيد: رسائل من { $site }
confirm-title = يرجى التأكيد
confirm-asked = في { $day } طلب أحدهم هذه الرسائل من { $site } إلى { $address }:
confirm-here = لكي تصلك، أكّد في هذه الصفحة:
confirm-button = نعم، أرسلوها إليّ
confirm-by-mail = لكي تصلك، أجب على هذه الرسالة واترك موضوعها كما هو.
confirm-until = هذا صالح حتى { $day }.
confirm-nothing = إن لم تكن أنت من طلب ذلك فلا حاجة لفعل شيء: بدون تأكيدك لن تصلك رسائل أخرى.
known-subject = رسائلك من { $site }
known-title = هذه تصلك بالفعل
known-asked = في { $day } طلب أحدهم هذه الرسائل من { $site } إلى { $address }. إنها تصلك بالفعل:
known-nothing = إن لم تكن أنت من طلب ذلك فلا حاجة لفعل شيء: لم يتغيّر شيء.

# صفحات الاشتراك والاختيار وإلغاء الاشتراك.
subscribe-title = الاشتراك بالبريد
subscribe-lead = اختر ما تريد. ستطلب منك رسالة واحدة التأكيد، وبدونه لا يُرسل شيء آخر.
subscribe-wording = أرسلوا إليّ الرسائل المختارة على هذا العنوان. يمكنني إلغاء الاشتراك في أي وقت بنقرة واحدة.
field-address = البريد الإلكتروني
field-name = الاسم (يمكن تركه فارغًا)
field-choices = ما تريد
field-everything = كل ما في { $digest }
field-language = اللغة
field-language-default = لغة الرسالة
field-time-zone = المنطقة الزمنية
field-time-zone-hint = مثل Africa/Cairo. فارغ: منطقة الرسالة.
field-hour = الوقت
field-hour-default = حالما تكون جاهزة
button-subscribe = اشترك
button-confirm = أكّد
button-save = احفظ
button-unsubscribe = إلغاء الاشتراك في { $digest }
button-unsubscribe-all = إلغاء الاشتراك في كل شيء
problem-title = يرجى المراجعة
problem-address = هذا ليس عنوان بريد إلكتروني.
problem-choices = اختر واحدًا على الأقل.
problem-time-zone = لا توجد منطقة زمنية كهذه.
asked-title = انظر في بريدك
asked-lead = إذا كان { $address } عنوانك فهناك رسالة فيها رابط في طريقها إليك. اتبع الرابط للتأكيد. إن لم يصل شيء بعد دقائق فانظر في البريد غير المرغوب فيه.
confirm-page-lead = ستصل هذه الرسائل إلى { $address } بعد أن تضغط الزر:
confirmed-title = شكرًا
confirmed-lead = تصل هذه الرسائل إلى { $address } من الآن:
confirmed-before = تم تأكيد هذا من قبل.
preferences-title = ما يصلك
preferences-lead = رسائل إلى { $address }
preferences-left = لقد ألغيت الاشتراك. للعودة اختر شيئًا واحفظ.
preferences-saved = تم الحفظ.
unsubscribe-title = إلغاء الاشتراك
unsubscribe-lead = تصل { $digest } إلى { $address } حتى تضغط الزر.
left-title = تم إلغاء الاشتراك
left-digest = لم تعد { $digest } تصل إلى { $address }.
left-everything = لم تعد تصل رسائلنا إلى { $address }.
left-again = اختر من جديد
gone-title = هذا الرابط لم يعد صالحًا
gone-lead = انتهت صلاحيته أو لم يُنسخ كاملًا. يمكنك أن تطلب من جديد.
trouble-title = لم ينجح ذلك
trouble-many = الطلبات كثيرة جدًا الآن. يرجى المحاولة بعد ساعة.
trouble-ours = هناك خلل عندنا، ولم يتغيّر شيء. يرجى المحاولة لاحقًا.
