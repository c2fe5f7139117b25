// A line chart: weekly means with bands, dots, orders and halts behind them, values under the
// pointer or by arrow keys, Home and End, and the same numbers as a table, as CSV and as SVG.
"use strict";

(() => {
  const { html, svg, compact } = amnok;
  const MARGIN = { right: 10, bottom: 22, left: 48 };
  const LETTER = 6; // about the width of one, in names of orders and lines
  const HEIGHT = 178, ROW = 12; // below the names of orders; of each of their rows
  const APART_DATES = 46; // least distance of two dates below a chart
  let unique = 0;

  // A figure for one chart. `update(chart, frame)` draws it; frame: {first, days, orders, halts,
  // reports, day, pinned}. `pinned` is the same chart under another setting, or null.
  amnok.chart = () => {
    const title = html("h3", { id: `chart-${++unique}` });
    const unit = html("p", { class: "unit" });
    const drawing = html("div", { class: "drawing" });
    const legend = html("ul", { class: "legend" });
    const readout = html("p", { class: "sr", "aria-live": "polite" });
    const table = html("details", { class: "numbers" }, html("summary", {}, "Table"));
    const buttons = html("p", { class: "tools" });
    const cite = html("div");
    const figure = html("figure", { class: "chart", "aria-labelledby": title.id },
      title, unit, drawing, readout, legend, buttons, table, cite);
    let shown = null;
    let turned = false; // to the scale that the chart does not come with
    const turn = html("button", { type: "button", class: "turn", onclick: () => {
      turned = !turned;
      shown.chart = scaled(shown.chart);
      draw(drawing, shown);
    } });
    const scaled = (chart) => {
      const other = chart.own === "linear" ? "symlog" : "linear";
      turn.hidden = !helpsLog(chart);
      const scale = turned && !turn.hidden ? other : chart.own;
      turn.textContent = scale === "linear" ? "Log scale" : "Linear scale";
      turn.setAttribute("aria-label", `${turn.textContent}: ${chart.title}`);
      return { ...chart, scale };
    };
    let width = 0; // known without asking for it, which would lay out the page for every chart

    table.addEventListener("toggle", () => fillTable(table, shown));

    const update = (chart, frame) => {
      width ||= drawing.clientWidth;
      shown = { width, chart: scaled(prepared(chart)), frame, pinned: frame.pinned && prepared(frame.pinned),
        week: shown && shown.week };
      title.textContent = chart.title;
      figure.dataset.chart = chart.name;
      shown.values = shown.chart.lines.map(() => html("b"));
      legend.replaceChildren(...shown.chart.lines.map((line, n) => html("li", {},
        sample(line), line.label, " ", shown.values[n])), ...(shown.pinned
        ? [html("li", {}, sample({ pinned: true }), frame.pinnedLabel || "pinned setting")] : []));
      shown.tell = (week) => tell(shown, week, unit, readout);
      draw(drawing, shown);
      // What is not kept by sector is that of the whole border, whatever sector is chosen.
      const source = (chart.is_here && frame.source_here) || frame.source || "A preview.";
      buttons.replaceChildren(turn, ...amnok.tools({ title: chart.title, name: chart.name,
        csv: () => amnok.csv(amnok.exact(rows(shown))), drawing: () => [drawing.querySelector("svg")],
        told: () => ({ title: chart.title, unit: chart.unit, source }) }));
      if (frame.source) cite.replaceChildren(amnok.citation(chart.title, source, frame.behind[chart.name] || frame.behind[""]));
      else cite.replaceChildren();
      if (table.open) fillTable(table, shown);
    };
    // No bigger than what it is in: drawn anew when that changes.
    new ResizeObserver(([entry]) => {
      width = entry.contentRect.width;
      if (shown && width !== shown.width) draw(drawing, Object.assign(shown, { width }));
    }).observe(drawing);
    return { figure, update };
  };

  // Not for shares, which have a natural end, nor for what hardly changes, as prices do.
  const WIDE = 10; // the most against the least
  const helpsLog = (chart) => {
    const [least, most] = d3.extent(chart.lines.flatMap((line) => [...line.mean]).filter((value) => value > 0));
    return chart.top === null && (chart.own !== "linear" || most >= WIDE * least);
  };

  const prepared = (chart) => ({
    ...chart,
    own: chart.scale,
    lines: chart.lines.map((line) => ({
      ...line,
      mean: amnok.unpack(line.mean),
      low: line.low && amnok.unpack(line.low),
      high: line.high && amnok.unpack(line.high),
    })),
    dots: chart.dots.map((dots) => ({ ...dots, values: amnok.unpack(dots.values) })),
  });

  const sample = (line) => svg("svg", { width: 26, height: 10, "aria-hidden": "true" },
    svg("line", { x1: 0, x2: 26, y1: 5, y2: 5, class: lineClass(line) }));
  const lineClass = (line) =>
    line.pinned ? "line pinned" : `line c${line.colour % 6}${line.style ? " dashed" : ""}`;

  const middle = (week, days) => week * 7 + Math.min(days, 7) / 2;

  const scaleOf = (chart, pinned, top, bottom) => {
    const values = [];
    for (const one of [chart, pinned]) {
      for (const line of one ? one.lines : []) {
        values.push(...line.mean, ...(line.high || []), ...(chart.scale === "linear" && line.low || []));
      }
      for (const dots of one ? one.dots : []) values.push(...dots.values);
    }
    const seen = values.filter(Number.isFinite);
    let [low, high] = seen.length ? d3.extent(seen) : [0, 1];
    const range = [bottom, top];
    const positive = seen.filter((value) => value > 0);
    if (chart.scale === "log" && positive.length) {
      const least = Math.max(d3.min(positive), d3.max(positive) / 1e5);
      return d3.scaleLog([least, Math.max(high, least * 10)], range).nice().clamp(true);
    }
    if (chart.scale === "symlog") return d3.scaleSymlog([0, Math.max(high, 1)], range);
    if (chart.top !== null) return d3.scaleLinear([0, chart.top * 1.02], range).clamp(true);
    if (!chart.dots.length) low = 0;
    if (low === high) high = low + 1;
    return d3.scaleLinear([low, high], range).nice();
  };

  const ticksOf = (scale, chart) => {
    if (chart.scale === "log" && scale.base) {
      const all = scale.ticks(6);
      return all.length > 8 ? all.filter((t) => Math.log10(t) % 1 === 0) : all;
    }
    if (chart.scale === "symlog") {
      return [0, ...[1, 10, 100, 1e3, 1e4, 1e5].filter((t) => t <= scale.domain()[1])];
    }
    return scale.ticks(5);
  };

  const draw = (drawing, shown) => {
    const { chart, pinned, frame } = shown;
    const width = Math.max(shown.width || 320, 200);
    const dateAt = (day) => amnok.date(frame.first, day);
    const words = chart.lines.map((line) => folded(line.label));
    const longest = 8 + (LETTER + 0.6) * d3.max(words.flat(), (text) => text.length);
    const names = width >= NAMED && chart.lines.length <= MOST_NAMES
      && longest <= width / 3 && APART * words.flat().length <= HEIGHT - MARGIN.bottom ? longest : 0;
    const x = d3.scaleUtc([dateAt(0), dateAt(frame.days)], [MARGIN.left, width - MARGIN.right - names]);
    const at = d3.scaleLinear([0, frame.days], x.range());
    const orders = placed(frame, at), top = topOf(orders);
    const height = HEIGHT + top, bottom = height - MARGIN.bottom;
    const y = scaleOf(chart, pinned, top, bottom);
    const root = svg("svg", {
      viewBox: `0 0 ${width} ${height}`, width, height, role: "img", tabindex: 0,
      "aria-label": `${chart.title}, ${chart.unit}. Arrow keys, Home and End read out weeks; a table follows.`,
    });
    root.append(marks(frame, at, orders, bottom), axes(x, y, chart, width, bottom));

    const weeks = chart.lines.length ? chart.lines[0].mean.length : 0;
    const path = (values) => d3.line((_, w) => at(middle(w, frame.days)), (value) => y(value))
      .defined((value) => Number.isFinite(value) && (value > 0 || chart.scale !== "log"))(values);
    const band = (line) => d3.area()
      .x((_, w) => at(middle(w, frame.days))).y0((_, w) => y(line.low[w])).y1((_, w) => y(line.high[w]))
      .defined((_, w) => Number.isFinite(line.low[w]) && Number.isFinite(line.high[w]) &&
        (line.high[w] > 0 || chart.scale !== "log"))(line.mean);
    for (const line of chart.lines) {
      if (line.low) root.append(svg("path", { d: band(line), class: `band c${line.colour % 6}` }));
    }
    for (const line of pinned ? pinned.lines : []) {
      root.append(svg("path", { d: path(line.mean), class: "line pinned" }));
    }
    for (const line of chart.lines) {
      root.append(svg("path", { d: path(line.mean), class: lineClass(line) }));
      if (weeks === 1 && Number.isFinite(line.mean[0])) {
        root.append(svg("circle", { cx: at(middle(0, frame.days)), cy: y(line.mean[0]), r: 3,
          class: `dot c${line.colour % 6}` }));
      }
    }
    if (names) root.append(...named(chart, y, x.range()[1] + 5, bottom));
    for (const dots of chart.dots) {
      dots.values.forEach((value, n) => Number.isFinite(value) && root.append(svg("circle",
        { cx: at(dots.days[n]), cy: y(value), r: 1.6, class: `dot c${dots.colour % 6}` })));
    }
    if (frame.day != null) {
      root.append(svg("line", { class: "today", x1: at(frame.day + 0.5), x2: at(frame.day + 0.5),
        y1: top, y2: bottom }));
    }
    const cross = svg("line", { class: "cross", y1: top, y2: bottom, display: "none" });
    root.append(cross);
    const show = (week) => {
      shown.week = week;
      if (week == null || !weeks) {
        cross.setAttribute("display", "none");
        return shown.tell(null);
      }
      cross.removeAttribute("display");
      for (const end of ["x1", "x2"]) cross.setAttribute(end, at(middle(week, frame.days)));
      shown.tell(week);
    };
    // The week that was read out stays so where a chart is drawn anew: for another width, or another border.
    show(shown.week == null ? null : Math.min(shown.week, weeks - 1));
    const weekAt = (event) => {
      const day = at.invert(event.clientX - root.getBoundingClientRect().left);
      return Math.min(Math.max(Math.round((day - 3.5) / 7), 0), weeks - 1);
    };
    root.addEventListener("pointermove", (event) => show(weekAt(event)));
    root.addEventListener("pointerleave", () => show(null));
    root.addEventListener("keydown", (event) => {
      const { week } = shown;
      const to = { ArrowLeft: (week ?? weeks) - 1, ArrowRight: (week ?? -1) + 1, Home: 0, End: weeks - 1 }[event.key];
      if (to == null) return;
      event.preventDefault();
      show(Math.min(Math.max(to, 0), weeks - 1));
    });
    const had = drawing.contains(document.activeElement);
    drawing.replaceChildren(root);
    if (had) root.focus({ preventScroll: true });
  };

  // A name in two lines where it is long, cut at the space that halves it best.
  const folded = (text) => {
    const spaces = [...text].flatMap((letter, n) => (letter === " " ? [n] : []));
    if (text.length <= SHORT || !spaces.length) return [text];
    const at = d3.least(spaces, (n) => Math.max(n, text.length - n));
    return [text.slice(0, at), text.slice(at + 1)];
  };
  const SHORT = 16; // letters of a name that stays in one line
  const NAMED = 300, MOST_NAMES = 6; // width from which lines are named at their ends, and how many
  const APART = 12;
  const named = (chart, y, x, bottom) => {
    const ends = chart.lines.map((line) => {
      const last = [...line.mean].findLast((value) => Number.isFinite(value) && (value > 0 || chart.scale !== "log"));
      return { line, at: last === undefined ? bottom : y(last), texts: folded(line.label) };
    }).sort((one, other) => one.at - other.at);
    // From above down, each clear of the one before; then up again what has come too low.
    ends.forEach((one, n) => { if (n) one.at = Math.max(one.at, ends[n - 1].at + APART * ends[n - 1].texts.length); });
    let floor = bottom - 2;
    for (const one of ends.toReversed()) {
      one.at = Math.min(one.at, floor - APART * (one.texts.length - 1));
      floor = one.at - APART;
    }
    return ends.map(({ line, at, texts }) => svg("text", { class: `line-name t${line.colour % 6}`, x, y: at + 4 },
      texts.map((text, n) => svg("tspan", { x, dy: n ? APART : 0 }, text))));
  };

  // The values of a week beside the names of the lines, and as a sentence for who cannot see them.
  const tell = ({ chart, frame, pinned, values }, week, unit, readout) => {
    const scale = chart.scale === "linear" ? "" : " (logarithmic)";
    const date = week == null ? "" : `week of ${amnok.longDate(amnok.date(frame.first, week * 7))}`;
    unit.textContent = chart.unit + (date ? `, ${date}` : scale);
    const texts = chart.lines.map((line, n) => {
      if (week == null) return "";
      const before = pinned && pinned.lines[n] ? `, ${frame.pinnedLabel || "pinned"} ${compact(pinned.lines[n].mean[week])}` : "";
      return compact(line.mean[week]) + (line.low && Number.isFinite(line.low[week])
        ? ` [${compact(line.low[week])}, ${compact(line.high[week])}]` : "") + before;
    });
    texts.forEach((text, n) => { values[n].textContent = text; });
    readout.textContent = date &&
      `${date}: ${chart.lines.map((line, n) => `${line.label} ${texts[n]}`).join("; ")}`;
  };

  // Halts as grey days, orders as lines with their names, source reports as ticks on the day they came out.
  const marks = (frame, at, orders, bottom) => {
    const group = svg("g", { "aria-hidden": "true" }), top = topOf(orders);
    for (const halt of frame.halts) {
      group.append(svg("rect", { class: "halt", x: at(halt.day), y: top,
        width: Math.max(at(halt.day + Math.max(halt.days, 1)) - at(halt.day), 1),
        height: bottom - top }, svg("title", {}, halt.label)));
    }
    for (const { order, x, row, from } of orders) {
      const y = top - 7 - ROW * row;
      group.append(
        svg("line", { class: "order", x1: x, x2: x, y1: y + 2, y2: bottom }),
        svg("text", { class: "order-name", x: from, y }, order.name, svg("title", {}, order.label)));
    }
    for (const report of frame.reports || []) {
      group.append(svg("line", { class: "tick", x1: at(report.day + 0.5), x2: at(report.day + 0.5),
        y1: bottom - 6, y2: bottom }));
    }
    return group;
  };
  // Where names of orders go: in as many rows as it takes for none to run over another.
  const placed = (frame, at) => {
    const right = at(frame.days) + MARGIN.right, rows = [];
    return frame.orders.map((order) => {
      const x = at(order.day), wide = order.name.length * (LETTER + 0.6) + 6;
      const from = Math.max(Math.min(x + 2, right - wide), 2), to = from + wide;
      let row = rows.findIndex((taken) => taken.every(([a, b]) => to < a || b < from));
      if (row < 0) row = rows.push([]) - 1;
      rows[row].push([from, to]);
      return { order, x, row, from };
    });
  };
  // Two rows are left free at least, so that charts beside each other begin at one height.
  const topOf = (orders) => 8 + ROW * Math.max(2, 1 + (d3.max(orders, (one) => one.row) ?? 0));
  Object.assign(amnok, { marks, placed, topOf });

  const axes = (x, y, chart, width, bottom) => {
    const group = svg("g", { class: "axes", "aria-hidden": "true" });
    const format = (date) => d3.utcFormat(date.getUTCMonth() ? "%b" : "%Y")(date);
    const months = x.ticks(Math.max(2, Math.min(8, width / 80)));
    const short = months.length > 1 && months[1] - months[0] < 20 * 86400e3;
    let last = -Infinity;
    for (const tick of months) {
      if (x(tick) - last < (short ? APART_DATES : 0)) continue;
      last = x(tick);
      group.append(svg("text", { x: Math.min(x(tick), width - 14), y: bottom + 15,
        "text-anchor": "middle" }, short ? d3.utcFormat("%-d %b")(tick) : format(tick)));
    }
    for (const tick of ticksOf(y, chart)) {
      group.append(
        svg("line", { class: "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(tick), y2: y(tick) }),
        svg("text", { x: MARGIN.left - 5, y: y(tick) + 3.5, "text-anchor": "end" },
          Math.abs(tick) < 1 ? String(tick) : d3.format("~s")(tick).replace("G", "B")));
    }
    return group;
  };
  amnok.axes = axes;

  // Every number of a chart: a row a week.
  const rows = ({ chart, frame, pinned }) => {
    const columns = [["week from"], ["unit"]];
    const lines = [];
    const add = (line, name) => {
      for (const part of ["mean", "low", "high"]) {
        if (!line[part]) continue;
        columns.push([part === "mean" ? name : `${name}, ${part}`]);
        lines.push(line[part]);
      }
    };
    chart.lines.forEach((line) => add(line, line.label));
    (pinned ? pinned.lines : []).forEach((line) => add(line, `${line.label}, ${frame.pinnedLabel || "pinned"}`));
    const weeks = chart.lines.length ? chart.lines[0].mean.length : 0;
    const table = [columns.flat()];
    for (let week = 0; week < weeks; week++) {
      table.push([amnok.isoDate(amnok.date(frame.first, week * 7)), chart.unit,
        ...lines.map((values) => values[week])]);
    }
    return table;
  };

  const fillTable = (details, shown) => {
    if (!shown) return;
    const [head, ...body] = rows(shown).map((row) => row.filter((_, n) => n !== 1)); // no unit
    amnok.tableIn(details, `${shown.chart.title}, as a table`, head, amnok.readable(body));
  };
})();
