// Side by side: the pinned setting and the present one, paired, with the people who are arrested
// under which.
"use strict";

(() => {
  const { html, compact, signed } = amnok;
  const FATES = { neither: "in neither", only_without: "only under the pinned one",
    only_with: "only under the present one", both: "in both" };

  const named = (about, settings) => {
    const policy = about.policies.find((one) => amnok.sameSettings(one.set, settings));
    if (policy) return policy.label;
    const called = new Map(about.parameters.map((one) => [one.path, one.called]));
    const parts = Object.entries(settings).map(([path, value]) => `${called.get(path) || path} = ${amnok.significant(value, 4)}`);
    return parts.length ? parts.join(", ") : "as it is";
  };
  // What is set in a view, empty where nothing is.
  amnok.described = (about, { settings, count, sector }) => [
    Object.keys(settings).length ? named(about, settings) : "",
    count ? "days counted to the end" : "",
    sector ? `only ${about.places[sector]}` : "",
  ].filter(Boolean).join("; ");
  amnok.firstDifference = (first, start) => (first === start ? `The worlds differ from the first day, ${first}.`
    : first ? `Nothing differs before ${first}.` : "Nothing differs on any day.");

  amnok.showBeside = (holder, about, state, comparison) => {
    const { rows, persons } = comparison;
    const certain = (row) => row.low != null && (row.low > 0 || row.high < 0);
    const table = amnok.table("Outcomes side by side",
      ["", "Where", "Pinned", "Now", "Difference", "95% interval", "%"],
      rows.map((row, n) => [
        n && rows[n - 1].text === row.text ? html("span", { class: "sr" }, row.text) : `${row.text} (${row.unit})`,
        row.where, compact(row.base ?? NaN), compact(row.with_policy ?? NaN), signed(row.difference ?? NaN),
        row.low == null ? "–" : `${compact(row.low)} to ${compact(row.high)}`,
        row.relative == null ? "–" : signed(100 * row.relative)]),
      rows.map((row) => (certain(row) ? "certain" : null)));
    const cells = d3.rollups(persons, (group) => d3.sum(group, (one) => one.persons ?? NaN),
      (one) => one.side, (one) => one.size, (one) => one.fate);
    const known = persons.every((one) => one.persons != null);
    const fates = Object.keys(FATES);
    const who = known ? amnok.table("Persons side by side",
      ["Persons arrested at least once", ...fates.map((name) => FATES[name])],
      cells.flatMap(([side, sizes]) => sizes.map(([size, counts]) => [`${about.sides[side]}: ${about.sizes[size]}`,
        ...fates.map((fate) => compact(new Map(counts).get(fate) ?? NaN))]))) :
      html("p", {}, "The two settings do not hold the same people: persons cannot be told apart.");
    const first = comparison.first_difference;
    holder.replaceChildren(
      html("h2", {}, "Side by side"),
      html("p", {}, html("b", {}, "Pinned: "), named(about, state.pinned), ". ", html("b", {}, "Now: "),
        named(about, state.settings), `. ${comparison.replicates} runs each with the same people and the same random numbers. `,
        amnok.firstDifference(first, about.period[0]),
        " Rows in bold: the interval excludes no difference."),
      table, who);
  };
})();
