// Policies, levers and all other parameters as sliders, each with its unit and the evidence it
// stands on.
"use strict";

(() => {
  const { html } = amnok;
  const words = (text) => text.replaceAll("_", " ");

  // The controls; `onmove(path, value, final)` is told of every move, `onpolicy(policy or null)`.
  amnok.levers = (about, holder, onmove, onpolicy, onevidence) => {
    const parameters = new Map(about.parameters.map((one) => [one.path, one]));
    const sliders = new Map();
    const onlyAssumed = html("input", { type: "checkbox", id: "only-assumed" });
    const search = html("input", { type: "search", id: "search", autocomplete: "off" });
    const policy = html("select", { id: "policy" },
      html("option", { value: "" }, "As it is"),
      about.policies.map((one) => html("option", { value: one.name }, one.label)),
      html("option", { value: "own", disabled: true }, "Own setting"));
    const note = html("p", { class: "note", id: "policy-note" });
    policy.addEventListener("change", () =>
      onpolicy(about.policies.find((one) => one.name === policy.value) || null));

    const row = (parameter, id) => {
      const fixed = !parameter.range;
      const output = html("output", { for: id }, shown(parameter, parameter.value));
      const input = fixed ? null : html("input", {
        type: "range", id, min: parameter.range.low, max: parameter.range.high,
        step: parameter.range.step, value: parameter.value,
        "aria-describedby": `${id}-gist`,
      });
      const describe = (value) => {
        output.textContent = shown(parameter, value);
        input.setAttribute("aria-valuetext", output.textContent);
      };
      let now = null; // what is shown: whoever drags one lever has the others left alone
      const set = (value) => {
        if (value === now) return;
        input.value = now = value;
        describe(value);
      };
      if (input) {
        set(parameter.value);
        input.addEventListener("input", () => { set(+input.value); onmove(parameter.path, +input.value, false); });
        input.addEventListener("change", () => onmove(parameter.path, +input.value, true));
      }
      const name = parameter.path.split(".");
      const element = html("div", { class: "lever", "data-path": parameter.path },
        html(fixed ? "span" : "label", fixed ? {} : { for: id },
          parameter.called || [html("span", { class: "sr" }, `${parameter.section}: `), words(name.at(-1))]),
        output,
        html("button", { type: "button", class: `grade ${parameter.support}`,
          "aria-label": `Evidence for ${nameOf(parameter)}: ${CLASSES[parameter.support]}${parameter.grade && `, graded ${parameter.grade}`}`,
          onclick: () => onevidence(parameter) }, html("i", { class: parameter.support }), CLASSES[parameter.support]),
        html("p", { class: "gist", id: `${id}-gist` }, parameter.gist),
        input);
      return { element, set, parameter };
    };

    const rowsOf = (paths, kind) => paths.map((path) => {
      const one = row(parameters.get(path), `${kind}-${path}`);
      if (!sliders.has(path)) sliders.set(path, []);
      sliders.get(path).push(one);
      return one.element;
    });
    const group = (paths, kind) => {
      const sections = d3.group(paths, (path) => parameters.get(path).section);
      return [...sections].map(([section, members]) => html("div", { class: "group" },
        html("h3", {}, section), rowsOf(members, kind)));
    };
    // By system in plain words, if the scenario has them; `follow` opens one.
    const systems = [];
    const bySystem = () => {
      systems.push(...about.systems.map((system) => html("details", { class: "group system" },
        html("summary", {}, html("h3", {}, system.label), html("small", {}, `${system.paths.length}`)),
        rowsOf(system.paths, "lever"))));
      const worded = new Set(about.systems.flatMap((system) => system.paths));
      const others = about.levers.filter((path) => !worded.has(path));
      return [
        ...systems,
        others.length ? html("details", { class: "group system" },
          html("summary", {}, html("h3", {}, "What else policies set"), html("small", {}, `${others.length}`)),
          group(others, "lever")) : null,
      ].filter(Boolean);
    };

    const rest = html("div", { class: "rest" });
    const all = html("details", { class: "all" }, html("summary", {}, `All ${about.parameters.length} parameters`),
      html("p", {}, html("label", { for: "search" }, "Find "), search), rest);
    all.addEventListener("toggle", () => {
      if (all.open && !rest.childElementCount) {
        rest.append(...group(about.parameters.map((one) => one.path), "all"));
        filter();
        setValues(current);
      }
    });
    const filter = () => {
      const wanted = search.value.trim().toLowerCase();
      const path = wanted.replaceAll(" ", "_");
      for (const element of holder.querySelectorAll(".lever")) {
        const parameter = parameters.get(element.dataset.path);
        const found = !element.closest(".rest") || parameter.path.includes(path) ||
          `${parameter.called} ${parameter.meaning}`.toLowerCase().includes(wanted);
        element.hidden = !found || (onlyAssumed.checked && !parameter.is_assumption);
      }
      for (const section of holder.querySelectorAll(".group")) {
        section.hidden = ![...section.querySelectorAll(".lever")].some((one) => !one.hidden);
      }
    };
    search.addEventListener("input", filter);
    onlyAssumed.addEventListener("change", filter);

    holder.append(
      html("p", { class: "policy" }, html("label", { for: "policy" }, "Policy "), policy), note,
      html("p", {}, html("label", {}, onlyAssumed, " only what rests on assumptions")),
      html("p", { class: "note" }, "figure: a source has the number. direction: sources say which way only. " +
        "assumed: our own guess."),
      html("div", { class: "main-levers" }, about.systems.length ? bySystem() : group(about.levers, "lever")), all);

    let current = {};
    // Show settings, and the policy they amount to if there is one.
    const setValues = (settings) => {
      current = settings;
      for (const [path, rows] of sliders) {
        const value = settings[path] ?? parameters.get(path).value;
        for (const one of rows) {
          if (one.parameter.range) one.set(value);
          one.element.classList.toggle("moved", path in settings);
        }
      }
      const match = about.policies.find((one) => amnok.sameSettings(one.set, settings));
      policy.value = match ? match.name : Object.keys(settings).length ? "own" : "";
      note.textContent = match ? match.note : "";
    };
    // What a question is about is marked, and the system that it is first about is open.
    let followed = null;
    const follow = (story) => {
      if (story === followed) return;
      followed = story;
      const own = story ? story.levers : [];
      for (const element of holder.querySelectorAll(".main-levers .lever")) {
        element.classList.toggle("asked", own.includes(element.dataset.path));
      }
      const first = about.systems.findIndex((one) => one.paths.includes(own[0]));
      systems.forEach((one, n) => { one.open = n === Math.max(first, 0); });
    };
    return { setValues, follow };
  };

  const CLASSES = { figure: "figure", direction: "direction", assumption: "assumed" };
  const nameOf = (parameter) => parameter.called || words(parameter.path.replaceAll(".", " "));

  // A value with its unit; as people say it where the scenario has words for it.
  const shown = (parameter, value) => {
    if (typeof value !== "number") return `${value}`;
    const text = String(amnok.significant(value, 4));
    if (!parameter.called) return `${text} ${parameter.unit}`;
    const percent = `${amnok.significant(100 * value, 3)}%`;
    const isMoney = /^[A-Z]{3}(\/|$)/.test(parameter.unit);
    const number = ["probability", "share"].includes(parameter.unit) ? percent
      : (isMoney ? `${parameter.unit.slice(0, 3)} ` : "") + Number(text).toLocaleString("en");
    return parameter.reads.replace("{%}", percent).replace("{}", number);
  };
  // As SUPPORT in reporting/basis.py, in a sentence.
  const support = (parameter) => ({
    figure: "a figure: the number stands in a source",
    direction: "a direction only: the sources give no number",
    assumption: "an assumption: no claim and no reference stands behind it",
  })[parameter.support];

  // What a parameter stands on, in a dialog.
  amnok.showEvidence = (dialog, about, parameter) => {
    const sources = parameter.sources.map((name) => {
      const claim = about.claims[name], reference = about.references[name];
      if (claim) {
        return html("li", {}, html("b", {}, `${name}, graded ${claim.grade}: `), claim.text,
          html("p", { class: "note" }, `${claim.report}. ${claim.place}. ` +
            (claim.patterns.length ? `Patterns: ${claim.patterns.join(", ")}.` : "")));
      }
      return html("li", {}, html("b", {}, `${name}: `),
        reference ? `${reference.text}: ${reference.figure} (${reference.status})` : "");
    });
    dialog.replaceChildren(
      html("h2", { id: "evidence-title" }, parameter.called || parameter.path.replaceAll("_", " ").replaceAll(".", ": ")),
      html("p", {}, parameter.meaning),
      html("dl", {},
        html("dt", {}, "Value"), html("dd", {}, shown(parameter, parameter.value)),
        html("dt", {}, "Could be"), html("dd", {}, parameter.likely
          ? `${parameter.likely.map((value) => shown(parameter, value)).join(" to ")} in 95 of 100 guesses, about` : "",
        html("p", { class: "note" }, `Other guesses are taken from ${parameter.prior}`)),
        html("dt", {}, "In the scenario"), html("dd", {}, html("code", {}, parameter.path)),
        html("dt", {}, "Stands on"), html("dd", {}, support(parameter), parameter.is_assumption
          ? "" : html("ul", {}, sources)),
        parameter.note ? [html("dt", {}, "Note"), html("dd", {}, parameter.note)] : []),
      html("form", { method: "dialog" }, html("button", { autofocus: true }, "Close")));
    dialog.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); dialog.close(); });
    dialog.showModal();
  };
})();
