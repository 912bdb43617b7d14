// Loads the page anew when there are other proofs than those it shows. Everything else works without it.
"use strict";
const page = document.documentElement;
const events = new EventSource("/events?version=" + encodeURIComponent(page.dataset.version));
const lost = document.getElementById("lost");
events.addEventListener("changed", () => {
  events.close();
  location.reload();
});
// The browser tries again by itself; until then one should know that what one sees may be old.
events.addEventListener("error", () => { lost.hidden = false; });
events.addEventListener("open", () => { lost.hidden = true; });
