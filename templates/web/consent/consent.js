// Helps where it can; every page works without it.
"use strict";
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-time-zone]")) {
  field.value = zone || "";
}
// Whoever wants everything of a digest need not tick its categories, and the other way round.
for (const group of document.querySelectorAll("fieldset.choices")) {
  const boxes = [...group.querySelectorAll("input[name=choice]")];
  const all = boxes.find((box) => box.value.endsWith(":*"));
  group.addEventListener("change", (event) => {
    if (event.target === all && all.checked) {
      for (const box of boxes) box.checked = box === all;
    } else if (event.target !== all && event.target.checked) {
      all.checked = false;
    }
  });
}
