/* Comfort only: every page works without this file. */
(function () {
  "use strict";
  var all = function (selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  };

  function start(root) {
    var summary = root.querySelector(".esum");
    if (summary) summary.focus();
    all("[data-print],[data-copy],[data-all]", root).forEach(function (el) {
      el.hidden = false;
      var label = el.closest("label");
      if (label) label.hidden = false;
    });
  }

  /* An error link leads to the input itself, not only to its place on the page. */
  function go(link) {
    var target = document.getElementById(link.hash.slice(1));
    if (!target) return false;
    target.focus();
    target.scrollIntoView({ block: "center" });
    return document.activeElement === target;
  }

  function copy(button) {
    var from = document.querySelector(button.dataset.copy);
    if (!from || !navigator.clipboard) return;
    navigator.clipboard.writeText(from.dataset.value || from.textContent.trim()).then(function () {
      if (button.dataset.done) button.textContent = button.dataset.done;
    });
  }

  function count(form) {
    var boxes = all("tbody input[type=checkbox]", form);
    var chosen = boxes.filter(function (box) { return box.checked; }).length;
    all("[data-chosen]", form).forEach(function (el) {
      el.textContent = chosen.toLocaleString(document.documentElement.lang);
    });
    all("[data-all]", form).forEach(function (el) {
      el.checked = chosen > 0 && chosen === boxes.length;
      el.indeterminate = chosen > 0 && chosen < boxes.length;
    });
    boxes.forEach(function (box) {
      var row = box.closest("tr");
      if (row) row.classList.toggle("on", box.checked);
    });
  }

  /* On a Persian keyboard the same key writes ت; where it stands counts then. */
  function letterOf(event) {
    if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
    return { KeyJ: "j", KeyK: "k", KeyX: "x" }[event.code] || event.key;
  }

  /* j and k walk through a list marked data-nav; Enter opens, x ticks. */
  function walk(event) {
    var list = document.querySelector("[data-nav]");
    var at = document.activeElement;
    if (!list || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName) && at.type !== "checkbox") return;
    var links = all("a[data-row]", list);
    var row = at.closest ? at.closest("tr,li") : null;
    var here = links.findIndex(function (link) { return row && row.contains(link); });
    var letter = letterOf(event);
    if (letter === "j" || letter === "k") {
      var next = links[here < 0 ? 0 : here + (letter === "j" ? 1 : -1)];
      if (next) { next.focus(); event.preventDefault(); }
    } else if (letter === "x" && row) {
      var box = row.querySelector("input[type=checkbox]");
      if (box) { box.click(); event.preventDefault(); }
    }
  }

  document.addEventListener("click", function (event) {
    var el = event.target.closest("[data-print],[data-copy],.esum a");
    if (!el) {
      all("details.menu[open]").forEach(function (menu) {
        if (!menu.contains(event.target)) menu.open = false;
      });
    } else if (el.hasAttribute("data-print")) window.print();
    else if (el.hasAttribute("data-copy")) copy(el);
    else if (go(el)) event.preventDefault();
  });
  document.addEventListener("change", function (event) {
    var el = event.target;
    var form = el.form;
    if (el.matches("[data-submit]") && form) return form.requestSubmit();
    if (el.type !== "checkbox" || !form) return;
    if (el.hasAttribute("data-all")) {
      all("tbody input[type=checkbox]", form).forEach(function (box) { box.checked = el.checked; });
    }
    if (form.querySelector("[data-all]")) count(form);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      all("details.menu[open]").forEach(function (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    } else walk(event);
  });
  document.addEventListener("htmx:afterSwap", function (event) { start(event.target); });
  start(document);
})();
