// « Importer » works without this file. It adds: dropping files, what is wrong told before they leave, a list that follows.
"use strict";

(() => {
  const EVERY_MS = 2000;

  // --- What moves is asked again, and replaced in place; the page may be left all the same. ---
  const follow = async () => {
    const place = document.querySelector("[data-suivi][data-moving]");
    if (!place) return;
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-suivi]");
      if (!fresh) return location.reload();
      if (!place.contains(document.activeElement) && fresh.innerHTML !== place.innerHTML) place.replaceWith(fresh);
    } catch { /* the network came and went: ask again */ }
    window.setTimeout(follow, EVERY_MS);
  };
  window.setTimeout(follow, EVERY_MS);

  // --- Files are dropped, listed, and looked at before they are sent. ---
  const form = document.querySelector("#depot");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const told = form.querySelector("#choisis");
  const { maxBytes, maxFiles, maxTotal, extensions } = form.dataset;
  const known = extensions.split(",");
  const size = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1).replace(".", ",").replace(",0", "")} Mo` : `${Math.max(1, Math.round(bytes / 1e3))} Ko`);

  const wrong = (file) => {
    if (!known.includes(`.${file.name.split(".").pop().toLowerCase()}`)) return "ce type de fichier n’est pas lu";
    if (!file.size) return "il est vide";
    return file.size > Number(maxBytes) ? `il dépasse ${size(Number(maxBytes))}` : "";
  };

  const show = () => {
    const files = [...input.files];
    const total = files.reduce((sum, file) => sum + file.size, 0);
    const list = document.createElement("ul");
    list.className = "choisis";
    for (const file of files.slice(0, 20)) {
      const item = document.createElement("li");
      const why = wrong(file);
      item.textContent = `${file.name}, ${size(file.size)}${why ? ` : ${why}` : ""}`;
      if (why) item.className = "champ__erreur";
      list.append(item);
    }
    const said = document.createElement("p");
    said.textContent = files.length > 20 ? `et ${files.length - 20} autres` : "";
    if (files.length > Number(maxFiles)) said.textContent = `${files.length} fichiers d’un coup, c’est trop : ${maxFiles} au plus.`;
    else if (total > Number(maxTotal)) said.textContent = `Ces fichiers dépassent ${size(Number(maxTotal))} à eux tous.`;
    told.replaceChildren(list, said);
  };

  input.addEventListener("change", show);
  form.querySelector("[data-drop]").hidden = false;
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("depot--dessus"); });
  }
  for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => form.classList.remove("depot--dessus"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
    form.querySelector("button[type=submit]").focus();
  });
})();
