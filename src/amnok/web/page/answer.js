// The question on top of the page, its answer in a sentence, and the effect by size of trader, from
// paired worlds. Sentences of an older setting are grey until those of the new one are there.
"use strict";

(() => {
  const { html } = amnok;
  const AS_IS = "as it is";
  const COUNTS = [["", "first three months"], ["all", "to the end"]];

  const PARTS = [["effect", "To whom"], ["where", "Where"], ["with-without", "When"],
    ["basis", "What it rests on, and what it can’t tell"], ["levers", "Change the world"]];

  // What the server has drawn and written, with its texts escaped.
  const drawn = (text) => [...document.importNode(
    new DOMParser().parseFromString(text, "text/html").body, true).childNodes];

  // All evidence, fetched when it is opened for the first time; `open()` opens it and goes there.
  // What the model says of each claim takes a simulation, so somebody asks for it.
  amnok.sources = (details) => {
    const body = html("div", {});
    const asking = html("p", { class: "note", role: "status" });
    const button = html("button", { type: "button", onclick: async () => {
      button.disabled = true;
      try {
        const answer = await amnok.ask("/api/verdicts", () => ({}), (share) => {
          asking.textContent = share === null ? amnok.busy : `Simulating: ${amnok.percent(share)}`;
        });
        if (answer) body.replaceChildren(...drawn(answer.html));
        asking.textContent = "";
        button.hidden = Boolean(answer);
      } catch (error) {
        asking.textContent = `The model cannot be asked: ${error.message}`;
      }
      button.disabled = false;
    } }, "What does the model say of each claim?");
    const load = async () => {
      details.append(button, asking, body);
      const { html: text } = await (await fetch("/api/evidence")).json();
      if (!body.childElementCount) body.replaceChildren(...drawn(text));
    };
    let filled = null;
    const fill = () => filled ??= load();
    details.addEventListener("toggle", () => { if (details.open) fill(); });
    // Charts above are as high as they are once they have come into view: the second frame is right.
    return async () => {
      details.open = true;
      details.querySelector("summary").focus();
      await fill();
      for (let frame = 0; frame < 2; frame++) {
        details.scrollIntoView();
        await new Promise(requestAnimationFrame);
      }
      details.scrollIntoView();
    };
  };

  const radios = (name, label, options, chosen, onchoose) => html("fieldset", { class: `radios ${name}` },
    html("legend", {}, label),
    options.map(([value, text, more], n) => {
      const id = `${name}-${n}`;
      return html("span", {},
        html("input", { type: "radio", name, id, value, checked: value === chosen,
          onchange: () => onchoose(value) }),
        html("label", { for: id }, text, more ? html("small", {}, more) : null));
    }));

  // The parts of an answer; `onchange()` is told when the view has changed and is to be asked anew.
  amnok.answer = (about, get, state, onchange) => {
    const notice = html("p", { class: "notice", role: "status" });
    const head = html("h1", { class: "question" });
    const choices = html("div", { class: "choices" });
    const sentence = html("p", { class: "lead" });
    const beside = html("div", { class: "changed", "aria-live": "polite" });
    const besideLevers = html("div", { class: "changed", "aria-hidden": "true" }); // where levers lie below the answer
    const guesses = html("p", { class: "guesses" });
    const where = html("div", {});
    const behind = html("div", { class: "note behind" });
    const more = html("p", { class: "note" });
    const parts = html("nav", { class: "parts", "aria-label": "On this page" }, PARTS.map(([id, text]) =>
      html("a", { href: `#${id}` }, text)));
    const panel = get("effect");
    const known = () => about.stories.find((one) => one.name === state.story);
    const storyOf = () => known() || about.stories[0];
    let shown = null; // the last full answer

    // A question starts with the border as it is. What was set before it can be set again: beside
    // it, so that nothing is lost that was set since.
    const choose = (name) => {
      const before = { ...state };
      amnok.keepState(state);
      Object.assign(state, { story: name, settings: {}, count: "", sector: null });
      const left = amnok.described(about, before);
      tell(left && `A question starts with the border as it is. No longer set: ${left}.`, "Set again", () => {
        Object.assign(state, { settings: { ...before.settings, ...state.settings },
          count: state.count || before.count, sector: state.sector ?? before.sector });
        onchange();
      });
      onchange();
    };
    // One line above the question, with what can be done about it; none without a text.
    const tell = (text, action, onaction) => notice.replaceChildren(...(text ? [text, " ",
      action ? html("button", { type: "button", onclick: () => { tell(""); onaction(); } }, action) : ""] : []));
    const all = () => [{ label: AS_IS, set: {} }, ...storyOf().worlds];
    const world = () => all().find((one) => amnok.sameSettings(one.set, state.settings))?.label ?? "";
    const worlds = () => (storyOf().worlds.length
      ? radios("world", "If it were", all().map((one) => [one.label, one.label]), world(), (label) => {
        state.settings = { ...all().find((one) => one.label === label).set };
        onchange();
      }) : null);
    const counts = () => radios("count", "Count",
      [[COUNTS[0][0], storyOf().has_days ? "the days of the question" : COUNTS[0][1]], COUNTS[1]],
      state.count || "", (count) => { state.count = count; onchange(); });

    let chosen = null; // what the choices show: they are made anew when that changes
    const draw = () => {
      if (!about.stories.length) {
        head.textContent = about.title;
        sentence.textContent = "Nothing happens on this border whose effect could be told: it has no order, halt or mechanism. " +
          "Pin this setting and move a lever: the page then says what differs.";
        for (const part of [parts, ...["effect", "with-without", "basis"].map(get)]) part.hidden = true;
        return;
      }
      const now = JSON.stringify([state.story, world(), state.count]);
      if (now === chosen) return;
      chosen = now;
      head.textContent = storyOf().question;
      for (const one of stories?.querySelectorAll("input") ?? []) one.checked = one.value === state.story;
      const at = document.activeElement?.id; // the keyboard stays where it is
      choices.replaceChildren(...[worlds(), counts()].filter(Boolean));
      if (at) [...choices.querySelectorAll("input")].find((one) => one.id === at)?.focus({ preventScroll: true });
    };
    const stories = about.stories.length > 1 ? radios("story", "Questions",
      about.stories.map((one) => [one.name, one.question, one.about]), storyOf().name, choose) : null;
    get("answer").replaceChildren(...[notice, stories, head, sentence, choices, beside, guesses, where, behind, parts, more].filter(Boolean));
    get("levers-title").after(besideLevers);
    draw();

    const key = () => JSON.stringify([state.story, state.settings, state.count, state.sector]);
    // Says that what stands there is of another setting.
    const age = () => {
      draw();
      const isOld = Boolean(shown) && shown !== key();
      for (const id of ["answer", "effect", "with-without", "basis"]) get(id).classList.toggle("old", isOld);
      for (const holder of [beside, besideLevers]) holder.classList.toggle("old", isOld);
    };
    const window_ = (effect) => `Days counted: ${effect.from} to ${effect.to}.`;

    const showPanel = (effect, isPreview) => {
      const open = [...panel.querySelectorAll("details")].map((one) => one.open);
      const title = html("h2", {}, effect.title || `Because of ${effect.called}, by size of trader`);
      const note = html("p", { class: "note" }, `Because of ${effect.called}: the world with it less the same world `,
        "without it, the same people and the same random numbers. ", isPreview
          ? "A preview of one pair with few traders: read directions; how far chance reaches comes with the full result."
          : `Bars are differences${effect.replicates > 1 ? `, thin lines 95% intervals over ${effect.replicates} pairs` : ""}. `, isPreview ? "" : window_(effect));
      panel.replaceChildren(title, note,
        html("div", { class: "panel" }, effect.panel.flatMap(drawn)),
        ...(isPreview ? [] : [
          ...drawn(effect.bearing),
          html("details", { class: "numbers" }, html("summary", {}, "All effects in numbers"), rows(effect)),
        ]));
      [...panel.querySelectorAll("details")].forEach((one, n) => { one.open = Boolean(open[n]); });
      if (!isPreview) amnok.figures(panel);
    };

    // The numbers of the answer and what they were before a lever was moved.
    const showBeside = (numbers, isFull) => {
      beside.setAttribute("aria-busy", !isFull); // what is dragged is told when it is let go
      for (const holder of [beside, besideLevers]) {
        holder.classList.remove("old");
        holder.replaceChildren(...(numbers ? [amnok.table("", numbers.heads, numbers.rows).firstChild] : []));
      }
    };

    const show = (effect, isPreview, isFull) => {
      showBeside(effect.beside, isFull);
      showPanel(effect, isPreview);
      panel.classList.remove("old");
      if (isPreview) return;
      shown = key();
      for (const id of ["answer", "with-without", "basis"]) get(id).classList.remove("old");
      sentence.replaceChildren(...effect.answer.map((one) => html(one.is_key ? "b" : "span", {}, one.text)));
      guesses.replaceChildren(...effect.holds.map((line) => html("span", {}, line, " ")));
      where.replaceChildren(...drawn(effect.places));
      behind.replaceChildren(html("p", {}, html("b", {}, "What it rests on. "), effect.behind, " ",
        html("a", { href: "#sources", onclick: (event) => { event.preventDefault(); get("all-evidence").click(); } }, "What they say")),
      ...drawn(effect.otherwise));
      more.textContent = `${window_(effect)} ${effect.replicates === 1 ? "1 pair" : `${effect.replicates} pairs`} of worlds with the same people and the same random numbers. ` +
        (effect.guesses ? `${effect.guesses} ` : "") +
        amnok.firstDifference(effect.first_difference, about.period[0]);
      get("with-without").replaceChildren(html("h2", {}, "When: with and without, week by week"),
        html("div", { class: "pairs" }, effect.charts.flatMap(drawn)));
      get("basis").replaceChildren(
        html("h2", {}, "In words"),
        ...effect.findings.map((one) => html("section", { class: one.is_clear ? "told" : "told quiet" },
          html("h3", {}, one.title), one.holds ? html("p", { class: "guesses" }, one.holds) : null, one.sentences.map((text) => html("p", {}, text)))),
        ...drawn(effect.rests_on), ...drawn(effect.limits));
      amnok.figures(get("with-without"));
    };
    return { show, age, tell };
  };

  const rows = (effect) => amnok.table("Effects on all outcomes",
    ["Outcome", "Where", "Without", "With", "Difference", "95% interval", "Verdict", "Under other guesses"],
    effect.rows.map((row) => [`${row.text} (${row.unit})`, row.label,
      ...["without", "with"].map((name) => amnok.compact(row[name] ?? NaN)), amnok.signed(row.difference ?? NaN),
      row.low == null ? "–" : `${amnok.compact(row.low)} to ${amnok.compact(row.high)}`, row.verdict, row.holds]));
})();
