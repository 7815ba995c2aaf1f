// Leaves the parts that have all words that are looked for, whatever their order.
const field = document.querySelector("nav input");
const said = document.querySelector("nav p");
const parts = [...document.querySelectorAll("section")].map(part => ({ part, text: part.textContent.toLowerCase() }));

function look() {
  const words = field.value.toLowerCase().split(/\s+/).filter(word => word);
  let found = 0;
  for (const { part, text } of parts) {
    const has = words.every(word => text.includes(word));
    part.classList.toggle("away", !has);
    found += has ? 1 : 0;
  }
  for (const page of document.querySelectorAll("article")) {
    page.classList.toggle("away", !page.querySelector("section:not(.away)"));
  }
  said.textContent = words.length ? found + " of " + parts.length + " parts" : "";
}

field.addEventListener("input", look);
for (const link of document.querySelectorAll("a[href^='#']")) {
  link.addEventListener("click", () => { field.value = ""; look(); });
}
document.documentElement.dataset.ready = "yes";
