// Savoirs works without this file. It adds: « / » and Ctrl+K to search, completions, forms sent once, print and copy.
"use strict";

(() => {
  const SHORTEST = 2;
  const PAUSE_MS = 120;
  const UNLOCK_MS = 8000;
  const UNDO_MS = 10000;
  const field = document.querySelector('input[type="search"][name="q"]');

  // --- « / » and Ctrl+K go to the search field; « / » never while somebody types. ---
  const typing = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable || /^(input|textarea|select)$/i.test(element.tagName));

  // One-key shortcuts can be turned off (WCAG 2.1.4), on the help page; the choice stays in this browser.
  const OFF = "savoirs-sans-raccourcis";
  const memory = {
    get off() { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } },
    set off(value) { try { localStorage.setItem(OFF, value ? "1" : "0"); } catch { /* private browsing */ } },
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.isComposing) return;
    const held = event.ctrlKey || event.metaKey;
    const oneKey = !held && !typing(event.target) && !memory.off;
    if (oneKey && event.key === "?") {
      location.assign("/aide#clavier");
      return;
    }
    const ctrlK = held && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!field || (!ctrlK && !(oneKey && event.key === "/"))) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  for (const button of document.querySelectorAll("[data-shortcuts]")) {
    const say = () => { button.textContent = memory.off ? "Activer / et ?" : "Désactiver / et ?"; };
    button.hidden = false;
    say();
    button.addEventListener("click", () => { memory.off = !memory.off; say(); });
  }

  // --- A form is sent once; its button keeps its words. ---
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    window.setTimeout(() => delete form.dataset.sent, UNLOCK_MS); // the network may have failed
    const said = document.createElement("p");
    said.className = "vh";
    said.setAttribute("role", "status");
    form.append(said);
    said.textContent = "Envoi…";
  });

  // Coming back to a page kept by the browser: its forms may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // --- Print, copy. ---
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.setAttribute("aria-live", "polite");
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
        button.lastChild.textContent = " Lien copié";
      });
    }
  }

  // --- What was published needs no draft on this device any more; « Annuler » is offered for ten seconds. ---
  for (const { dataset } of document.querySelectorAll("[data-forget]")) {
    try {
      for (const key of Object.keys(localStorage)) {
        const mine = key.startsWith("savoirs-brouillon:");
        if (mine && (key.includes(`:${dataset.forget}:`) || localStorage.getItem(key).includes(`["token","${dataset.forget}"]`))) {
          localStorage.removeItem(key);
        }
      }
    } catch { /* private browsing */ }
  }
  for (const undo of document.querySelectorAll(".annonce__retour")) {
    const hide = () => {
      if (undo.matches(":hover, :focus-within")) window.setTimeout(hide, 1000);
      else undo.hidden = true;
    };
    window.setTimeout(hide, UNDO_MS);
  }

  // --- A summary moved to the top of a form with mistakes takes the focus. ---
  document.querySelector(".erreurs")?.focus();

  // --- Completions: an ARIA combobox (APG, list autocomplete with manual selection). ---
  const complete = (input) => {
    const box = input.closest(".cherche__rang, .entete-cherche");
    const list = document.createElement("ul");
    list.id = `${input.id}-propositions`;
    list.className = "propositions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Mots proposés");
    list.hidden = true;
    box.classList.add("combo");
    box.append(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    let chosen = -1;
    let timer = 0;
    let asked = 0;

    const close = () => {
      asked += 1;
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const choose = (at) => {
      const options = [...list.children];
      chosen = options.length ? (at + options.length) % options.length : -1;
      options.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
      if (chosen >= 0) input.setAttribute("aria-activedescendant", options[chosen].id);
    };

    const accept = (option) => {
      input.value = option.dataset.value;
      close();
      input.form.requestSubmit();
    };

    const show = (suggestions) => {
      list.replaceChildren(
        ...suggestions.map((text, number) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${number}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.value = text;
          option.textContent = text;
          option.addEventListener("mousedown", (event) => event.preventDefault());
          option.addEventListener("click", () => accept(option));
          return option;
        }),
      );
      chosen = -1;
      list.hidden = suggestions.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
      input.removeAttribute("aria-activedescendant");
    };

    const ask = async () => {
      const text = input.value;
      const begun = text.match(/\S+$/)?.[0] ?? "";
      if (begun.length < SHORTEST) return close();
      const before = text.slice(0, text.length - begun.length);
      const mine = (asked += 1);
      try {
        const answer = await fetch(`/api/v1/suggest?${new URLSearchParams({ q: text })}`, {
          headers: { Accept: "application/json" },
          credentials: "omit",
        });
        if (!answer.ok || mine !== asked) return undefined;
        const { completions } = await answer.json();
        if (mine === asked && document.activeElement === input) show(completions.map((word) => before + word));
      } catch {
        close();
      }
      return undefined;
    };

    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, PAUSE_MS);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") {
        // First Escape closes the list, the second clears the field.
        event.preventDefault();
        if (list.hidden) input.value = "";
        close();
      } else if (!list.hidden && event.key === "ArrowDown") {
        event.preventDefault();
        choose(chosen + 1);
      } else if (!list.hidden && event.key === "ArrowUp") {
        event.preventDefault();
        choose(chosen < 0 ? list.children.length - 1 : chosen - 1);
      } else if (!list.hidden && event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        accept(list.children[chosen]);
      }
    });
  };

  for (const input of document.querySelectorAll('input[type="search"][name="q"]')) complete(input);
})();
