// What one is looking at, in the address: settings, what is pinned, day, sector. A shared address
// brings back the same view.
"use strict";

(() => {
  const number = (text) => (text.trim() === "" ? NaN : Number(text));
  const pairs = (texts, known) => Object.fromEntries(texts.map((text) => {
    const at = text.lastIndexOf("=");
    return [text.slice(0, at), number(text.slice(at + 1))];
  }).filter(([path, value]) => known.has(path) && Number.isFinite(value)));

  // Read from an address; what is no parameter, or no number, is passed over.
  amnok.readState = (search, known) => {
    const query = new URLSearchParams(search);
    return {
      settings: pairs(query.getAll("set"), known),
      pinned: query.has("pinned") ? pairs(query.getAll("pin"), known) : null,
      date: /^\d{4}-\d{2}-\d{2}$/.test(query.get("day") || "") ? query.get("day") : null,
      sector: query.get("sector"),
    };
  };

  amnok.writeState = (state) => {
    const query = new URLSearchParams();
    for (const [path, value] of Object.entries(state.settings)) query.append("set", `${path}=${value}`);
    if (state.pinned) {
      query.append("pinned", "1");
      for (const [path, value] of Object.entries(state.pinned)) query.append("pin", `${path}=${value}`);
    }
    if (state.date) query.append("day", state.date);
    if (state.sector) query.append("sector", state.sector);
    const text = query.toString().replaceAll("%3D", "=");
    clearTimeout(waiting); // browsers allow some changes of the address a second, a drag makes more
    waiting = setTimeout(() =>
      history.replaceState(null, "", text ? `?${text}` : location.pathname), 150);
  };
  let waiting = null;
})();
