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
subscribe-lead = اختر ما تود قراءته. نرسل إليك رسالة واحدة نطلب فيها التأكيد، ولا نرسل غيرها قبل أن تؤكّد.
subscribe-wording = أرسلوا إليّ الرسائل المختارة على هذا العنوان. يمكنني إلغاء الاشتراك في أي وقت بنقرة واحدة.
field-address = البريد الإلكتروني
field-name = الاسم (اختياري)
field-choices = ما تود قراءته
field-everything = كل ما في { $digest }
field-language = اللغة
field-language-default = لغة الرسالة المعتادة
field-time-zone = المنطقة الزمنية
field-time-zone-hint = مثل Africa/Cairo. إذا تُرك فارغًا فمنطقة المرسل.
field-hour = الوقت
field-hour-default = حالما تكون جاهزة
button-subscribe = اشترك
button-confirm = أكّد
button-save = احفظ
button-unsubscribe = إلغاء الاشتراك في { $digest }
button-unsubscribe-all = إلغاء الاشتراك في كل شيء
problem-title = يرجى مراجعة ما أدخلته
problem-address = هذا ليس عنوان بريد إلكتروني. أدخل عنوانًا مثل name@example.org.
problem-choices = اختر واحدًا على الأقل.
problem-time-zone = لا توجد منطقة زمنية كهذه. أدخل منطقة مثل Africa/Cairo أو اترك الحقل فارغًا.
asked-title = راجع بريدك
asked-lead = إذا كان { $address } عنوانك فهناك رسالة في طريقها إليك. اتبع الرابط الذي فيها للتأكيد. إن لم يصل شيء بعد بضع دقائق فانظر في مجلد البريد غير المرغوب فيه.
confirm-page-lead = اضغط الزر لتصل هذه الرسائل إلى { $address }:
confirmed-title = شكرًا
confirmed-lead = من الآن تصل هذه الرسائل إلى { $address }:
confirmed-before = سبق أن أكّدت هذا، ولا حاجة إلى شيء آخر.
preferences-title = ما يصلك
preferences-lead = اختر ما نرسله إلى { $address } وكيف نرسله.
preferences-left = لا تصلك رسائل منا الآن. للعودة اختر شيئًا ثم احفظ.
preferences-saved = تم الحفظ.
unsubscribe-title = إلغاء الاشتراك
unsubscribe-lead = هل تريد ألّا تصل { $digest } إلى { $address } بعد الآن؟
left-title = تم إلغاء الاشتراك
left-digest = لم تعد { $digest } تصل إلى { $address }.
left-everything = لم تعد تصل رسائلنا إلى { $address }.
left-again = اختر من جديد
gone-title = هذا الرابط لم يعد صالحًا
gone-lead = انتهت صلاحيته أو لم يُنسخ كاملًا. يمكنك الاشتراك من جديد.
trouble-title = لم ينجح ذلك
trouble-many = الطلبات كثيرة جدًا الآن. يرجى المحاولة بعد ساعة.
trouble-ours = حدث خطأ من جهتنا، ولم يتغيّر شيء. يرجى المحاولة لاحقًا.
snippet-title = نموذج لصفحاتك
snippet-lead = انسخ هذه الأسطر إلى إحدى صفحاتك. لا يحتاج النموذج إلى برامج ولا إلى تنسيق، ويظهر بمظهر صفحتك.
