// Writing a note works without this file. It adds: drafts that survive, advice while typing, a preview, questions by kind.
"use strict";

(() => {
  const KEYS = "savoirs-brouillon:";
  const KEEP_MS = 30 * 24 * 3600e3;
  const HERE_MS = 800, SERVER_MS = 3000, ADVICE_MS = 1200;
  const form = document.querySelector("form[data-write]");
  const notice = document.querySelector("[data-notice]");
  const clock = (at) => new Date(at).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
  const say = (text, ...more) => {
    if (!notice) return;
    const box = document.createElement("div");
    const words = document.createElement("p");
    box.className = "avis avis--alerte";
    words.append(text, ...more);
    box.append(words);
    notice.replaceChildren(...(text ? [box] : []));
  };
  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* private browsing */ } },
    keys() { try { return Object.keys(localStorage).filter((key) => key.startsWith(KEYS)); } catch { return []; } },
  };
  for (const key of store.keys()) if (!(store.read(key)?.at > Date.now() - KEEP_MS)) store.drop(key);

  let keepNow = () => {};

  // --- Nothing leaves without a network, and nothing leaves by itself when it is back. ---
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || !event.target.matches("[data-write], [data-send]")) return;
    event.preventDefault();
    event.stopPropagation();
    keepNow();
    say("Vous êtes hors ligne. Rien n’est parti, et votre texte est gardé sur cet appareil. Réessayez quand le réseau revient.");
  }, true);
  window.addEventListener("offline", () => {
    keepNow();
    say("Vous êtes hors ligne. Continuez : votre texte est gardé sur cet appareil.");
  });
  window.addEventListener("online", () => say("Le réseau est revenu. Rien n’est parti sans vous : appuyez sur le bouton quand vous voulez."));
  if (!form) return;

  const saved = document.querySelector("[data-saved]");
  const key = KEYS + [form.dataset.account || "visiteur", form.dataset.note || "nouvelle", location.search].join(":");
  const NOT_KEPT = ["csrf_token", "writer", "step"];
  const fields = () => [...new FormData(form)].filter(([name]) => !NOT_KEPT.includes(name));
  const body = () => {
    const data = new FormData(form);
    data.set("note", form.dataset.note);
    return data;
  };
  const post = (address) => fetch(address, { method: "POST", body: body(), headers: { Accept: "*/*" } });
  const later = (work, pause) => {
    let timer = 0;
    return () => { clearTimeout(timer); timer = setTimeout(work, pause); };
  };

  // --- Drafts: on this device, and on the server for who is signed in. ---
  let last = JSON.stringify(fields());
  const first = last;
  let leaving = false;
  const keepHere = () => {
    const now = JSON.stringify(fields());
    if (now === last || leaving) return;
    last = now;
    const at = Date.now();
    if (store.write(key, { at, fields: JSON.parse(now) }) && saved) saved.textContent = `Enregistré à ${clock(at)}`;
  };
  const keepThere = async () => {
    if (!form.dataset.account || leaving || JSON.stringify(fields()) === first) return;
    try {
      const answer = await post("/partager/brouillon");
      if (!answer.ok) return;
      const { kept, signed_in: signedIn, problem } = await answer.json();
      if (kept && saved) saved.textContent = `Enregistré à ${clock(Date.now())}`;
      if (problem) say(problem);
      if (!signedIn) {
        const link = document.createElement("a");
        link.href = `/connexion?${new URLSearchParams({ suite: location.pathname + location.search })}`;
        link.textContent = "Se connecter et revenir à ce texte";
        say("Votre session est terminée. Votre texte est gardé sur cet appareil. ", link);
      }
    } catch { /* without a network, this device has it */ }
  };
  keepNow = keepHere;
  const laterHere = later(keepHere, HERE_MS);
  const laterThere = later(keepThere, SERVER_MS);
  for (const type of ["pagehide", "visibilitychange"]) window.addEventListener(type, keepHere);
  form.addEventListener("submit", (event) => {
    keepHere();
    leaving = !event.defaultPrevented && navigator.onLine;
  });
  window.addEventListener("pageshow", () => { leaving = false; });

  const fill = (pairs) => {
    const values = new Map();
    for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || NOT_KEPT.includes(field.name)) continue;
      const own = values.get(field.name) ?? [];
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = own.includes(field.value);
      else if (field.tagName !== "BUTTON") field.value = own[0] ?? "";
    }
  };
  const left = store.read(key);
  if (form.dataset.fresh !== undefined && left && left.at > Number(form.dataset.fresh)) {
    const empty = JSON.parse(first);
    fill(left.fields);
    last = JSON.stringify(fields());
    if (last !== first) {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn btn--2 btn--petit";
      again.textContent = form.dataset.note ? "Revenir à la fiche en ligne" : "Repartir d’une page vide";
      again.addEventListener("click", () => {
        store.drop(key);
        fill(empty);
        last = first;
        prompt();
        say("");
        form.elements.title.focus();
      });
      say(`Votre brouillon du ${new Date(left.at).toLocaleDateString("fr-FR")} à ${clock(left.at)} est revenu. `, again);
    }
  }

  // --- Questions by kind. ---
  for (const one of form.querySelectorAll("[data-without-script]")) one.hidden = true;
  const prompt = () => {
    const asked = JSON.parse(form.querySelector("[name=kind]:checked")?.dataset.prompts ?? "{}");
    for (const [name, [label, help]] of Object.entries(asked)) {
      const field = form.elements[name];
      form.querySelector(`label[for="${field.id}"]`).textContent = label;
      let words = document.getElementById(`${field.id}-aide`);
      if (!words) {
        words = document.createElement("p");
        words.id = `${field.id}-aide`;
        words.className = "champ__aide";
        field.before(words);
      }
      words.textContent = help;
      words.hidden = !help;
    }
  };
  prompt();

  // --- Advice: what comes late never replaces what is newer. ---
  let asked = 0;
  const advise = async () => {
    const mine = (asked += 1);
    try {
      const answer = await post("/partager/conseils");
      if (!answer.ok || mine !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const place of document.querySelectorAll("[data-advice]")) {
        const piece = page.querySelector(`[data-pour="${place.dataset.advice}"]`);
        const busy = place.contains(document.activeElement);
        if (piece && !busy && place.innerHTML !== piece.innerHTML) place.innerHTML = piece.innerHTML;
      }
    } catch { /* advice can wait for a network */ }
  };
  const laterAdvice = later(advise, ADVICE_MS);
  form.addEventListener("change", (event) => {
    if (event.target.name === "kind") prompt();
    const theme = event.target.dataset?.theme;
    if (theme) form.querySelector(`[name=themes][value="${theme}"]`).checked = event.target.checked;
  });
  for (const type of ["input", "change"]) {
    form.addEventListener(type, () => { laterHere(); laterThere(); laterAdvice(); });
  }

  // --- Preview. ---
  const button = form.querySelector("[data-preview]");
  const shown = document.getElementById("apercu");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const open = shown.hidden;
    if (open) {
      try { shown.innerHTML = await (await post("/partager/apercu")).text(); }
      catch { return say("Vous êtes hors ligne : l’aperçu attendra le réseau."); }
    }
    shown.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Fermer l’aperçu" : "Aperçu";
    return undefined;
  });

  // --- Names of organisations, where they are too many for the page. ---
  const list = document.querySelector("datalist[data-names]");
  const named = form.elements.organisation;
  const complete = later(async () => {
    try {
      const found = await (await fetch(`${list.dataset.names}?${new URLSearchParams({ q: named.value })}`)).json();
      list.replaceChildren(...found.map((one) => new Option(one.known_as === one.name ? "" : one.name, one.known_as)));
    } catch { /* the name can be typed whole */ }
  }, 200);
  if (list) named.addEventListener("input", complete);
})();
