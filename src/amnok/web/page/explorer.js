// The explorer: question and answer, effect, map, charts; levers beside them, or below.
"use strict";

(async () => {
  const { html } = amnok;
  const get = (id) => document.getElementById(id);
  const status = get("status"), progress = get("progress");
  const about = await (await fetch("/api/border")).json();
  const [state, unknown] = amnok.readState(location.search, about);
  let picture = null, pinned = null, day = 0;
  let drawn = ""; // settings of the full picture on the screen
  amnok.latencies = []; // milliseconds from a move to its picture on the screen

  document.title = `${about.title} – Amnok`;
  get("title").textContent = about.title;

  const say = (text, share) => {
    if (text !== status.textContent) status.textContent = text;
    progress.hidden = share == null;
    if (share != null) progress.value = share;
  };

  // --- Map and days ---
  const map = amnok.map(about.map, (sector) => { state.sector = sector; moved(); ask("full"); });
  const timeline = amnok.timeline();
  const slider = html("input", { type: "range", id: "day", min: 0, max: 1, step: 1, value: 0, disabled: true });
  const date = html("output", { for: "day" });
  const play = html("button", { type: "button", id: "play", "aria-pressed": "false", disabled: true }, "Play");
  const whole = html("button", { type: "button", id: "whole", hidden: true,
    onclick: () => { state.sector = null; moved(); ask("full"); } }, "Whole border");
  const pin = html("button", { type: "button", id: "pin", disabled: true }, "Pin this setting");
  const unpin = html("button", { type: "button", id: "unpin", hidden: true }, "Unpin");
  const events = html("div", { class: "events" });
  const where = html("span", { id: "place" }, "the whole border");
  // The map shows an effect, or what crosses: never both in one.
  const FLOWS = "flows";
  let maps = [], shownMap = null, onMap = null;
  const layer = html("select", { id: "layer", onchange: () => { shownMap = layer.value; showDay(); } });
  const layers = html("p", { class: "tools", hidden: true }, html("label", { for: "layer" }, "On the map "), layer);
  const showLayers = (found) => {
    maps = found;
    layers.hidden = !maps.length;
    if (!maps.length) return;
    layer.replaceChildren(
      ...maps.map((one) => html("option", { value: one.outcome }, `Effect on: ${one.label}`)),
      html("option", { value: FLOWS }, "What crosses on a day, and how much of it is lost"));
    layer.value = shownMap ?? maps[0].outcome;
    if (!layer.value) layer.value = maps[0].outcome;
  };
  const openSources = amnok.sources(get("sources"));
  get("page-tools").append(html("button", { type: "button", id: "all-evidence", onclick: openSources }, "Evidence"), pin, unpin,
    html("button", { type: "button", id: "reset", onclick: () => { state.settings = {}; moved(); ask("full"); } }, "Reset"),
    html("button", { type: "button", id: "share", onclick: share }, "Copy address"));
  get("where").append(html("h2", {}, "Where: ", where), html("p", { class: "tools" }, whole), layers,
    map.figure, timeline.holder,
    html("p", { class: "days-row" }, play, html("label", { for: "day", class: "sr" }, "Day"), slider, date), events);

  // While one drags, what is out of view waits until it comes into view: `draw(how, canWait)`.
  const inView = (element) => {
    let isSeen = true, waiting = null;
    new IntersectionObserver((entries) => {
      isSeen = entries.at(-1).isIntersecting;
      if (isSeen) waiting?.();
    }).observe(element);
    return (how, canWait) => {
      waiting = null;
      if (isSeen || !canWait) how();
      else waiting = () => { waiting = null; how(); };
    };
  };
  const drawWhere = inView(get("where")), drawCharts = inView(get("charts"));

  const showDay = () => {
    slider.max = picture.days - 1;
    day = Math.min(Math.max(day, 0), picture.days - 1);
    slider.value = day;
    const text = amnok.longDate(amnok.date(picture.first, day));
    date.textContent = text;
    slider.setAttribute("aria-valuetext", text);
    const effect = maps.find((one) => one.outcome === layer.value) || null;
    if (!effect || effect !== onMap) map.update(picture, day, state.sector, effect); // an effect is of no single day
    onMap = effect;
    timeline.update(picture, day);
  };
  slider.addEventListener("input", () => { day = +slider.value; keepDay(); showDay(); });
  const keepDay = () => { state.date = amnok.isoDate(amnok.date(picture.first, day)); write(); };

  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (day >= picture.days - 1) day = 0;
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      day += 2;
      if (day >= picture.days - 1) stop();
      showDay();
    }, 60);
  });

  // --- Charts ---
  const charts = new Map();
  const showCharts = () => {
    for (const chart of picture.charts) {
      if (!charts.has(chart.name)) {
        charts.set(chart.name, amnok.chart());
        get("charts").append(charts.get(chart.name).figure);
      }
      const before = pinned && pinned.sector === picture.sector
        ? pinned.charts.find((one) => one.name === chart.name) : null;
      charts.get(chart.name).update(chart, { ...picture,
        reports: chart.name === "seen" ? picture.reports : [], pinned: before || null });
    }
  };

  const show = (next, isFull) => {
    picture = next;
    for (const control of [slider, play, pin]) control.disabled = false;
    if (state.date) day = Math.round((Date.parse(state.date) - Date.parse(picture.first)) / 86400e3);
    const label = picture.sectors.find((one) => one.name === picture.sector);
    where.textContent = label ? `${label.label}: ${label.towns.join(" and ")}` : "the whole border";
    whole.hidden = !label;
    get("subtitle").textContent = `Seed ${picture.seed}; ` +
      (picture.share < 1 ? `preview with one trader in ${amnok.fixed(1 / picture.share)}, counts scaled up`
        : picture.replicates > 1 ? `mean of ${picture.replicates} runs, bands are 95% intervals over them` : "1 run") + ".";
    document.body.classList.toggle("preview", picture.share < 1);
    picture.behind = about.behind;
    drawWhere(() => {
      events.replaceChildren(...amnok.events(picture));
      showDay();
    }, !isFull);
    drawCharts(showCharts, !isFull);
  };

  // --- Moving levers ---
  let besideControl = null;
  // Without days the server counts those of the question.
  const days = () => (state.count ? { last: about.period[1] } : {});
  const body = () => ({ settings: { ...state.settings }, sector: state.sector,
    ...(state.story ? { story: state.story, ...days(), ...(state.pinned ? { pinned: state.pinned } : {}) } : {}) });
  let isFollowed = false; // a preview that nobody drags, which the full result follows
  const request = amnok.pictures((next, question) => {
    // Of what is kept there is no preview.
    const isFull = question.quality === "full"
      || (next.picture.share === 1 && next.effect?.replicates >= about.replicates);
    drawn = isFull ? JSON.stringify(question.asked.settings) : "";
    if (next.effect) answer.show(next.effect, next.picture.share < 1, isFull);
    if (!next.effect || next.effect.maps) showLayers(next.effect?.maps || []);
    show(next.picture, isFull);
    // A timer set before a frame is drawn ends after it.
    requestAnimationFrame(() => setTimeout(() => amnok.latencies.push(
      { quality: question.quality, milliseconds: performance.now() - question.sent })));
    if (isFull) {
      document.body.dataset.ready = String(+(document.body.dataset.ready || 0) + 1);
      showPinned();
    } else if (isFollowed) ask("full");
  }, say, () => document.body.classList.add("failed"));
  function ask(quality) {
    besideControl?.abort(); // what is compared is of the last setting, and would hold this one up
    isFollowed = false;
    document.body.classList.remove("failed");
    request(quality, body);
  }
  // Of what is not simulated yet, a preview first: numbers soon, and words with the full result.
  function askAnew() {
    ask("preview");
    isFollowed = true;
  }
  const write = () => amnok.writeState(state);
  const values = new Map(about.parameters.map((one) => [one.path, one.value]));
  const moved = () => {
    levers.setValues(state.settings);
    levers.follow(about.stories.find((one) => one.name === state.story) || null);
    answer.age();
    write();
  };
  const answer = amnok.answer(about, get, state, () => { moved(); askAnew(); });
  const levers = amnok.levers(about, get("levers"), (path, value, final) => {
    if (value === values.get(path)) delete state.settings[path];
    else state.settings[path] = value;
    moved();
    ask(final ? "full" : "preview");
  }, (policy) => {
    state.settings = policy ? { ...policy.set } : {};
    moved();
    ask("full");
  }, (parameter) => amnok.showEvidence(get("evidence"), about, parameter));

  // --- Side by side ---
  const showPinned = async () => {
    besideControl?.abort();
    const beside = get("beside");
    unpin.hidden = !state.pinned;
    pin.hidden = Boolean(state.pinned);
    beside.hidden = !state.pinned;
    if (!state.pinned) { pinned = null; beside.replaceChildren(); return; }
    const control = besideControl = new AbortController();
    beside.setAttribute("aria-busy", "true");
    try {
      const question = { pinned: state.pinned, settings: { ...state.settings } };
      if (!pinned || pinned.sector !== state.sector) {
        const answer = await amnok.ask("/api/picture",
          () => ({ client: `${amnok.client}-pinned`, settings: state.pinned, sector: state.sector, quality: "full" }),
          () => {}, control.signal);
        if (!answer) return;
        pinned = answer.picture;
        showCharts();
      }
      const answer = await amnok.ask("/api/comparison", () => question,
        (share_) => say("Comparing", share_), control.signal);
      if (answer && besideControl === control) {
        amnok.showBeside(beside, about, { ...state, settings: question.settings }, answer.comparison);
        say("", null);
      }
    } catch (error) {
      if (error.name !== "AbortError") say(`Cannot compare: ${error.message}`, null);
    } finally {
      if (besideControl === control) beside.removeAttribute("aria-busy");
    }
  };
  pin.addEventListener("click", () => {
    state.pinned = { ...state.settings };
    pinned = drawn === JSON.stringify(state.pinned) ? picture : null;
    pins();
  });
  unpin.addEventListener("click", () => { state.pinned = null; pins(); });
  // The numbers of the answer stand beside those of what is pinned.
  const pins = () => { write(); showPinned(); showCharts(); if (state.story) ask("full"); };

  // Back and forward go from question to question; places on this page have no state of their own.
  addEventListener("popstate", (event) => {
    if (!event.state) return;
    Object.assign(state, amnok.readState(location.search, about)[0]);
    pinned = null;
    answer.tell("");
    moved();
    askAnew();
  });

  async function share() {
    const address = amnok.address(state);
    try {
      await navigator.clipboard.writeText(address);
      say("Address copied", null);
    } catch {
      say(address, null);
    }
  }

  answer.tell(amnok.notUnderstood(unknown));
  moved();
  askAnew();
})().catch((error) => {
  document.getElementById("status").textContent = `The page cannot start: ${error.message}`;
});
