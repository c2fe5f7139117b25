// What one is looking at, in the address: question, settings, what is pinned, day, sector. A shared address
// brings back the same view.
"use strict";

(() => {
  // The token has become a cookie: an address that is kept or shared should not hold it.
  const given = new URLSearchParams(location.search);
  if (given.has("token")) {
    given.delete("token");
    history.replaceState(null, "", location.pathname + (`${given}` && `?${given}`));
  }

  const number = (text) => (text.trim() === "" ? NaN : Number(text));
  const pairs = (texts, known) => Object.fromEntries(texts.map((text) => {
    const at = text.lastIndexOf("=");
    return [text.slice(0, at), number(text.slice(at + 1))];
  }).filter(([path, value]) => known.has(path) && Number.isFinite(value)));

  const dateIn = (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(Date.parse(text)) ? text : null);

  amnok.sameSettings = (one, other) => Object.keys(one).length === Object.keys(other).length &&
    Object.entries(one).every(([path, value]) => other[path] === value);

  // Read from an address; what is not a parameter, sector, number or date is passed over.
  amnok.readState = (search, known, sectors, stories) => {
    const query = new URLSearchParams(search);
    return {
      first: stories[0] ?? null, // the question that an address without one asks
      story: stories.includes(query.get("story")) ? query.get("story") : stories[0] ?? null,
      count: query.get("count") === "all" ? "all" : "",
      settings: pairs(query.getAll("set"), known),
      pinned: query.has("pinned") ? pairs(query.getAll("pin"), known) : null,
      date: dateIn(query.get("day")),
      sector: sectors.includes(query.get("sector")) ? query.get("sector") : null,
    };
  };

  amnok.address = (state) => {
    const query = new URLSearchParams();
    if (state.story !== state.first) query.append("story", state.story);
    if (state.count) query.append("count", state.count);
    for (const [path, value] of Object.entries(state.settings)) query.append("set", `${path}=${value}`);
    if (state.pinned) {
      query.append("pinned", "1");
      for (const [path, value] of Object.entries(state.pinned)) query.append("pin", `${path}=${value}`);
    }
    if (state.date) query.append("day", state.date);
    if (state.sector) query.append("sector", state.sector);
    const text = query.toString().replaceAll("%3D", "=");
    return location.origin + location.pathname + (text && `?${text}`);
  };
  amnok.writeState = (state) => {
    clearTimeout(waiting); // browsers allow some changes of the address a second, a drag makes more
    waiting = setTimeout(() => history.replaceState({}, "", amnok.address(state)), 150);
  };
  // The browser goes back to this view from the one that follows.
  amnok.keepState = (state) => {
    clearTimeout(waiting);
    history.replaceState({}, "", amnok.address(state));
    history.pushState({}, "", location.href);
  };
  let waiting = null;
})();
