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

  amnok.sameSettings = (one, other) => Object.keys(one).length === Object.keys(other).length &&
    Object.entries(one).every(([path, value]) => other[path] === value);

  const isDate = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(Date.parse(text));

  // What an address says, and the parts of it that say nothing on this border.
  amnok.readState = (search, about) => {
    const stories = about.stories.map((one) => one.name), [start, end] = about.period;
    const allowed = new Map(about.parameters.map((one) => [one.path, one.allowed]));
    const state = { story: null, count: "", settings: {}, pinned: null, date: null, sector: null };
    const once = (name, isKnown) => (text) => !state[name] && isKnown(text) && Boolean(state[name] = text);
    const value = (name) => (text) => {
      const at = text.lastIndexOf("="), path = text.slice(0, at), digits = text.slice(at + 1);
      const [low, high] = allowed.get(path) ?? [], number = Number(digits);
      if (!digits.trim() || !(number >= low && number <= high) || path in (state[name] ?? {})) return false;
      state[name] = { ...state[name], [path]: number };
      return true;
    };
    const readers = new Map(Object.entries({
      story: once("story", (text) => stories.includes(text)),
      count: once("count", (text) => text === "all"),
      set: value("settings"),
      pinned: (text) => text === "1" && Boolean(state.pinned ??= {}),
      pin: value("pinned"),
      day: once("date", (text) => isDate(text) && text >= start && text <= end),
      sector: once("sector", (text) => about.sectors.includes(text)),
    }));
    const unknown = [...new URLSearchParams(search)].filter(([name, text]) => !readers.get(name)?.(text));
    const first = stories[0] ?? null; // the question that an address without one asks
    return [{ ...state, first, story: state.story ?? first }, unknown.map((part) => part.join("="))];
  };

  const MOST = 4, LONGEST = 60; // parts of an address that are told, and their letters
  // What is told of them, in one line; what has no letter of its own, or turns the line around, is not written.
  amnok.notUnderstood = (parts) => {
    const told = parts.slice(0, MOST).map((part) => part.replace(/\p{C}/gu, "\uFFFD"))
      .map((part) => (part.length > LONGEST ? `${part.slice(0, LONGEST)}…` : part));
    const more = parts.length > MOST ? ` and ${parts.length - MOST} more` : "";
    return parts.length ? `Not understood in the address, and left out: ${told.join(", ")}${more}. ` +
      "It may be of another border, or of another version of it." : "";
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
