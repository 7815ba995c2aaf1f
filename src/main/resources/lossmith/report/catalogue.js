"use strict";
// Shows the entries in which all words of the search occur, and what groups those are in.
(function () {
  const field = document.getElementById("find");
  const count = document.getElementById("found");
  const entries = Array.from(document.querySelectorAll("article"), function (entry) {
    const names = entry.querySelectorAll("h3, .source, .systems-of");
    const text = entry.dataset.group + " " + Array.from(names, function (one) { return one.textContent; }).join(" ");
    return { entry: entry, text: text.toLowerCase(), link: document.querySelector('nav a[href="#' + entry.id + '"]') };
  });
  const groups = Array.from(document.querySelectorAll(".group"));
  function find() {
    const words = field.value.toLowerCase().split(" ").filter(Boolean);
    let found = 0;
    entries.forEach(function (one) {
      const shown = words.every(function (word) { return one.text.includes(word); });
      one.entry.hidden = !shown;
      if (one.link) { one.link.hidden = !shown; }
      found += shown ? 1 : 0;
    });
    groups.forEach(function (group) {
      group.hidden = !group.querySelector(":scope > article:not([hidden]), :scope > p > a:not([hidden])");
    });
    document.querySelectorAll(".beside").forEach(function (section) { section.hidden = words.length !== 0; });
    count.textContent = words.length === 0 ? "" : found === 0 ? "Nothing has all these words." : found + " found";
  }
  field.addEventListener("input", find);
  find();
  document.documentElement.dataset.ready = "yes";
})();
